#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn find(query: &Query) -> Docs { search(query) }

    fn answer(question: Question) -> Docs {
        let query = rewrite(&question);
        find(&qury)
    }
}

fn main() {}
