#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query, limit: impl Into<usize>) -> Docs { search(&query) }
}

fn main() {}
