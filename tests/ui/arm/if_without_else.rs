#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(docs: Docs, short: bool) -> Facts {
        let facts = if short {
            extract(&docs)
        };
        facts
    }
}

fn main() {}
