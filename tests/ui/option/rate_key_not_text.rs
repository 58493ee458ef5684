#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

fn length(query: &Query) -> usize {
    query.0.len()
}

flowc::workflow! {
    fn answer(query: Query) -> Docs {
        #[rate(calls = 10, per = "1s", key = length)]
        let docs = search(&query);
        docs
    }
}

fn main() {}
