#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Docs {
        #[breaker(failures = 5, last = 3)]
        let docs = search(&query);
        docs
    }
}

fn main() {}
