#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn find(query: &Query) -> Docs { search(query) }

    fn answer(question: Question) -> Facts {
        let docs = find(&question);
        extract(&docs)
    }
}

fn main() {}
