#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Docs {
        #[breaker(window = "10s")]
        let docs = search(&query);
        docs
    }
}

fn main() {}
