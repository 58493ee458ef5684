#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Docs {
        #[breaker(failures = 5, name = "")]
        let docs = search(&query);
        docs
    }
}

fn main() {}
