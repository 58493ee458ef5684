#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Result<Docs, String> {
        let docs = search(&query);
        Ok(docs)
    }
}

fn main() {}
