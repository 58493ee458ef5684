#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(question: Question, docs: Docs) -> Facts {
        if docs.0.is_empty() {
            let query = rewrite(&question);
            extract(&query)
        } else {
            extract(&docs)
        }
    }
}

fn main() {}
