#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn find(query: &Query) -> Docs { search(query) }

    fn answer(query: Query, again: bool) -> Docs {
        let docs = if again { find(&query) };
        docs
    }
}

fn main() {}
