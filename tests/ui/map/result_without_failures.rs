#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(docs: Docs) -> Vec<Note> {
        #[max(4)]
        #[on_error(collect)]
        for doc in &docs.0 { summarise(doc) }
    }
}

fn main() {}
