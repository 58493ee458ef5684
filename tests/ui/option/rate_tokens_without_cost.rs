#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Docs {
        #[rate(tokens = 90_000, per = "1m")]
        let docs = search(&query);
        docs
    }
}

fn main() {}
