#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query, twice: bool) -> u64 {
        let docs = search(&query);
        let first = archive(docs);
        let second = if twice { archive(docs) } else { Receipt(0) };
        first.0 + second.0
    }
}

fn main() {}
