#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(docs: Docs, short: bool) -> usize {
        let found = if short {
            score(&docs)
        } else {
            extract(&docs)
        };
        found.0.len()
    }
}

fn main() {}
