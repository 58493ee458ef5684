#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

fn no_docs(_: &flowc::Failure<String>) -> Facts {
    Facts(vec![])
}

flowc::workflow! {
    fn answer(query: Query) -> Docs {
        #[fallback(no_docs)]
        let docs = search(&query);
        docs
    }
}

fn main() {}
