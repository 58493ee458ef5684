#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn notes(docs: Docs) -> usize {
        #[max 8]
        let notes = for doc in &docs.0 { summarise(doc) };
        notes.len()
    }
}

fn main() {}
