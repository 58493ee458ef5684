#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Docs {
        search(&query)
    }

    fn answer(query: Query) -> Facts {
        extract(&search(&query))
    }
}

fn main() {}
