#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(mut query: Query) -> Docs { search(&query) }
}

fn main() {}
