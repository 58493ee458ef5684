#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: &Query) -> &str {
        let docs = search(query);
        &query.0
    }
}

fn main() {}
