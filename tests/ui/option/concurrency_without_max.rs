#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Docs {
        #[concurrency(queue = 10)]
        let docs = search(&query);
        docs
    }
}

fn main() {}
