#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(facts: Facts, scores: Scores) -> Answer {
        match judge(facts) {
            Verdict::Enough(facts) => compose(&facts, &scores),
            Verdict::Missing(query) => Answer(query.0),
        }
    }
}

fn main() {}
