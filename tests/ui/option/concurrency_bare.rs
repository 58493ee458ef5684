#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Docs {
        #[concurrency]
        let docs = search(&query);
        docs
    }
}

fn main() {}
