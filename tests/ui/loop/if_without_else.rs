#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(docs: Docs, short: bool) -> Facts {
        #[max(3)]
        loop {
            let facts = if short { extract(&docs) };
            break facts;
        }
    }
}

fn main() {}
