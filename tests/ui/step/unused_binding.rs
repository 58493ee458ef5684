#![deny(unused_variables)]
#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Facts {
        let docs = search(&query);
        let scores = score(&docs);
        extract(&docs)
    }
}

fn main() {}
