#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(docs: Docs) -> usize {
        let mut total = 0;
        #[max(4)]
        for doc in &docs.0 {
            let note = summarise(doc);
            total += note.0.len();
        }
        total
    }
}

fn main() {}
