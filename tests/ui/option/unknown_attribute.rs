#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Docs {
        #[retries(attempts = 3)]
        let docs = search(&query);
        docs
    }
}

fn main() {}
