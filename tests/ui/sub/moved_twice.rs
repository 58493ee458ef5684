#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn keep(docs: Docs) -> Receipt { archive(docs) }

    fn answer(query: Query) -> u64 {
        let docs = search(&query);
        let first = keep(docs);
        let second = keep(docs);
        first.0 + second.0
    }
}

fn main() {}
