#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query, docs: Docs) -> Facts {
        if search(&query) {
            extract(&docs)
        } else {
            Facts(Vec::new())
        }
    }
}

fn main() {}
