#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(docs: Docs, short: bool) -> usize {
        #[max(4)]
        let found = for doc in &docs.0 {
            if short { summarise(doc) } else { extract(&docs) }
        };
        found.len()
    }
}

fn main() {}
