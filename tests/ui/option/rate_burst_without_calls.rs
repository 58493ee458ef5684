#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

fn length(query: &Query) -> u64 {
    query.0.len() as u64
}

flowc::workflow! {
    fn answer(query: Query) -> Docs {
        #[rate(tokens = 10, per = "1s", cost = length, burst = 2)]
        let docs = search(&query);
        docs
    }
}

fn main() {}
