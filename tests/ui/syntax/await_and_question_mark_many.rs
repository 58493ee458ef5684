#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Facts {
        let docs = search(&query).await?;
        let facts = extract(&docs).await?;
        facts
    }
}

fn main() {}
