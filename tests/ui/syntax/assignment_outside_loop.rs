#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query, again: bool) -> Docs {
        let mut docs = search(&query);
        if again { docs = search(&query); }
        docs
    }
}

fn main() {}
