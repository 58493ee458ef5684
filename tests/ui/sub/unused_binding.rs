#![deny(unused_variables)]
#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn find(query: &Query) -> Docs { search(query) }

    fn answer(query: Query) -> Docs {
        let docs = find(&query);
        find(&query)
    }
}

fn main() {}
