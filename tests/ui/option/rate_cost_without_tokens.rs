#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

fn length(query: &Query) -> u64 {
    query.0.len() as u64
}

flowc::workflow! {
    fn answer(query: Query) -> Docs {
        #[rate(calls = 10, per = "1s", cost = length)]
        let docs = search(&query);
        docs
    }
}

fn main() {}
