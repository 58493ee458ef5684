#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(docs: Docs) -> Facts {
        if docs.0.len() > 2 {
            extract(&docs)
        }
    }
}

fn main() {}
