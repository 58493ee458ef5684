#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query, again: bool) -> Docs {
        #[retry(attempts = 3)]
        let docs = if again { search(&query) } else { Docs(Vec::new()) };
        docs
    }
}

fn main() {}
