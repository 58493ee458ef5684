#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Docs {
        #[timeout(atempt = "5s")]
        let docs = search(&query);
        docs
    }
}

fn main() {}
