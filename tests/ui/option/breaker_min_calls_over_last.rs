#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Docs {
        #[breaker(failure_rate = 0.5, last = 10, min_calls = 20)]
        let docs = search(&query);
        docs
    }
}

fn main() {}
