#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(docs: Docs) -> Answer {
        let facts = extract(&docs);
        let scores = score(&docs);
        compose(&scores, &facts)
    }
}

fn main() {}
