#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn weigh(docs: &Docs, facts: &Facts) -> Answer {
        let scores = score(docs);
        compose(facts, &scores)
    }

    fn answer(docs: Docs) -> Answer { weigh(&docs) }
}

fn main() {}
