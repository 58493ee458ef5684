#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Docs {
        if query.0.is_empty() { break }
        search(&query)
    }
}

fn main() {}
