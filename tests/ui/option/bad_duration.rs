#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Docs {
        #[timeout("5 parsecs")]
        let docs = search(&query);
        docs
    }
}

fn main() {}
