#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(#[resource] query: Query) -> Docs { search(&query) }
}

fn main() {}
