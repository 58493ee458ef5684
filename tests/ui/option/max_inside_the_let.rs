#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(docs: Docs) -> Vec<Note> {
        let notes = #[max(3)] for doc in &docs.0 { summarise(doc) };
        notes
    }
}

fn main() {}
