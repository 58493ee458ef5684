#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> usize {
        let docs = search(&query);
        docs.count
    }
}

fn main() {}
