#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn find(query: &Query) -> Docs { search(query) }

    fn answer(query: Query, limit: usize) -> Docs { find(&query, limit) }
}

fn main() {}
