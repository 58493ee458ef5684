#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(docs: Docs) -> Note {
        #[max(4)]
        for doc in &docs.0 { summarise(doc) }
    }
}

fn main() {}
