#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Docs {
        let first = search(&query);
        #[after(fisrt)]
        let docs = search(&query);
        if first.0.is_empty() { docs } else { first }
    }
}

fn main() {}
