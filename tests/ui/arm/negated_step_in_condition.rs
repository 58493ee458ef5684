#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

#[flowc::node]
fn is_empty(docs: &Docs) -> bool {
    docs.0.is_empty()
}

flowc::workflow! {
    fn answer(query: Query) -> u64 {
        let docs = search(&query);
        if !is_empty(&docs) { 1 } else { 0 }
    }
}

fn main() {}
