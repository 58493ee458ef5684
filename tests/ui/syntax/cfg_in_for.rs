#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(docs: Docs) -> Vec<Note> {
        #[max(8)]
        for doc in &docs.0 {
            #[cfg(any())]
            let note = no_such_node(doc);
            let note = summarise(doc);
            note
        }
    }
}

fn main() {}
