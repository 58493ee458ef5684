#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Docs {
        #[retry(attempts = 3)]
        #[retry(attempts = 4)]
        let docs = search(&query);
        docs
    }
}

fn main() {}
