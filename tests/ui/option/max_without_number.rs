#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(docs: Docs) -> Vec<Note> {
        #[max]
        for doc in &docs.0 { summarise(doc) }
    }
}

fn main() {}
