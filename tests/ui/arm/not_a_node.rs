#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query, docs: Docs) -> Docs {
        if docs.0.is_empty() {
            let clean = tidy(query);
            search(&clean)
        } else {
            docs
        }
    }
}

fn main() {}
