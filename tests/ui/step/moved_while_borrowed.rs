#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Note {
        let docs = search(&query);
        let first = &docs.0[0];
        let _kept = archive(docs);
        summarise(first)
    }
}

fn main() {}
