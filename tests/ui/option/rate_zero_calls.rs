#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Docs {
        #[rate(calls = 0, per = "1s")]
        let docs = search(&query);
        docs
    }
}

fn main() {}
