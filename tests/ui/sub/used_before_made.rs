#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn find(query: &Query) -> Docs { search(query) }

    fn answer(question: Question) -> Docs {
        let docs = find(&query);
        let query = rewrite(&question);
        docs
    }
}

fn main() {}
