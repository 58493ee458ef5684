#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Result<Docs, String> { search(&query) }
}

fn main() {}
