#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Docs {
        #[concurrency(max = 0)]
        let docs = search(&query);
        docs
    }
}

fn main() {}
