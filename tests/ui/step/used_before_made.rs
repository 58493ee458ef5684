#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Facts {
        let facts = extract(&docs);
        let docs = search(&query);
        facts
    }
}

fn main() {}
