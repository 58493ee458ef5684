#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query) -> Docs { search(&query) }
}

fn main() {}
