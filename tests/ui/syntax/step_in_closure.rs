#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(docs: Docs) -> usize {
        let notes: Vec<_> = docs.0.iter().map(|doc| summarise(doc)).collect();
        notes.len()
    }
}

fn main() {}
