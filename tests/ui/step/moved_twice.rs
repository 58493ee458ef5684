#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> u64 {
        let docs = search(&query);
        let kept = archive(docs);
        let again = archive(docs);
        kept.0 + again.0
    }
}

fn main() {}
