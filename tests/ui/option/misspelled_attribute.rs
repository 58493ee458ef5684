#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Docs {
        #[timeuot("5s")]
        let docs = search(&query);
        docs
    }
}

fn main() {}
