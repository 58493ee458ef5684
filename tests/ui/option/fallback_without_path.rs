#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Docs {
        #[fallback]
        let docs = search(&query);
        docs
    }
}

fn main() {}
