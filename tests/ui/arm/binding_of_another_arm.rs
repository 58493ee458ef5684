#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query, first: Docs) -> Facts {
        if first.0.is_empty() {
            let docs = search(&query);
            extract(&docs)
        } else {
            extract(&docs)
        }
    }
}

fn main() {}
