#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    unsafe fn answer(query: Query) -> Docs { search(&query) }
}

fn main() {}
