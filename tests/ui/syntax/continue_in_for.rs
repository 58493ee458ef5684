#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(docs: Docs) -> Vec<Note> {
        #[max(4)]
        for doc in &docs.0 {
            if doc.0.is_empty() { continue }
            summarise(doc)
        }
    }
}

fn main() {}
