#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> usize {
        match &search(&query) {
            Docs(docs) if docs.is_empty() => 0,
            Docs(docs) => docs.len(),
        }
    }
}

fn main() {}
