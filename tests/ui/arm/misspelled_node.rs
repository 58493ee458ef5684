#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(question: Question, docs: Docs) -> Docs {
        if docs.0.is_empty() {
            let query = rewrite(&question);
            serch(&query)
        } else {
            docs
        }
    }
}

fn main() {}
