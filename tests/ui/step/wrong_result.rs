#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Answer {
        let docs = search(&query);
        extract(&docs)
    }
}

fn main() {}
