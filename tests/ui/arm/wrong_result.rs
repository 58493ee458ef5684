#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(docs: Docs, short: bool) -> Facts {
        if short {
            score(&docs)
        } else {
            extract(&docs)
        }
    }
}

fn main() {}
