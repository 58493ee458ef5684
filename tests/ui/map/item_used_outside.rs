#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(docs: Docs) -> Note {
        #[max(4)]
        let _notes = for page in &docs.0 { summarise(page) };
        summarise(page)
    }
}

fn main() {}
