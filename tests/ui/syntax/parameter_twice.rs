#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query, query: Query) -> Docs {
        search(&query)
    }
}

fn main() {}
