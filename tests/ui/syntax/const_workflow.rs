#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    const fn answer(query: Query) -> Docs { search(&query) }
}

fn main() {}
