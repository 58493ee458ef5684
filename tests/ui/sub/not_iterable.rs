#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn find(query: &Query) -> Docs { search(query) }

    fn answer(query: Query) -> Vec<Note> {
        #[max(4)]
        for doc in find(&query) { summarise(&doc) }
    }
}

fn main() {}
