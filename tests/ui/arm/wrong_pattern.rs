#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(facts: Facts, scores: Scores) -> Answer {
        match judge(facts) {
            Some(facts) => compose(&facts, &scores),
            _ => Answer(String::new()),
        }
    }
}

fn main() {}
