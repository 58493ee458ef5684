#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Docs {
        #[fallback(|_| Docs(vec![]))]
        let docs = search(&query);
        docs
    }
}

fn main() {}
