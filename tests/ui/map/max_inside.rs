#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(docs: Docs) -> Vec<Note> {
        for doc in &docs.0 {
            #[max(8)]
            summarise(doc)
        }
    }
}

fn main() {}
