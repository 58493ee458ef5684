#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(docs: Docs) -> Vec<Note> {
        #[max(4)]
        for doc in &docs.0 { sumarise(doc) }
    }
}

fn main() {}
