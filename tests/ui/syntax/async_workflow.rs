#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    async fn answer(query: Query) -> Docs { search(&query) }
}

fn main() {}
