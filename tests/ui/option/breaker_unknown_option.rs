#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Docs {
        #[breaker(failure = 5)]
        let docs = search(&query);
        docs
    }
}

fn main() {}
