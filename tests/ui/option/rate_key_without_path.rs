#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Docs {
        #[rate(calls = 10, per = "1s", key)]
        let docs = search(&query);
        docs
    }
}

fn main() {}
