#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Vec<Note> {
        let docs = search(&query);
        let _kept = archive(docs);
        #[max(4)]
        for doc in docs.0 { summarise(&doc) }
    }
}

fn main() {}
