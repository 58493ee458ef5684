#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(docs: Docs) -> Vec<Note> {
        #[max(4)]
        for doc in &docs { summarise(doc) }
    }
}

fn main() {}
