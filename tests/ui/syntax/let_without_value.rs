#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Docs {
        let docs;
        docs = search(&query);
        docs
    }
}

fn main() {}
