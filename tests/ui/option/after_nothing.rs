#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Docs {
        #[after()]
        let docs = search(&query);
        docs
    }
}

fn main() {}
