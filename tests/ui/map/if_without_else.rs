#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(docs: Docs, short: bool) -> Vec<Note> {
        #[max(4)]
        for doc in &docs.0 {
            if short { summarise(doc) }
        }
    }
}

fn main() {}
