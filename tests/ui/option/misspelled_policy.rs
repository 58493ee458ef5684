#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Docs {
        #[concurency(max = 4)]
        let docs = search(&query);
        docs
    }
}

fn main() {}
