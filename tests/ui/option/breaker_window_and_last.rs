#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Docs {
        #[breaker(failures = 5, window = "30s", last = 100)]
        let docs = search(&query);
        docs
    }
}

fn main() {}
