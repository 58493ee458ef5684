#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Docs {
        #[after(docs)]
        let docs = search(&query);
        docs
    }
}

fn main() {}
