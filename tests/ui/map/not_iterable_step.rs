#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Vec<Note> {
        #[max(4)]
        for doc in search(&query) { summarise(&doc) }
    }
}

fn main() {}
