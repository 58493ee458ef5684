#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Docs {
        #[timeout(attempt = "5s", idle = "10s")]
        let docs = search(&query);
        docs
    }
}

fn main() {}
