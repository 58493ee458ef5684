#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(docs: Docs) -> Answer {
        let facts = extract(&docs), scores = score(&docs);
        compose(&facts, &scores)
    }
}

fn main() {}
