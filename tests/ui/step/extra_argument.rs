#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(question: Question, docs: Docs) -> Facts {
        extract(&docs, &question)
    }
}

fn main() {}
