#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Docs {
        #[breaker(failure_rate = 50)]
        let docs = search(&query);
        docs
    }
}

fn main() {}
