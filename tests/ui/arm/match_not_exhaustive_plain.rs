#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(verdict: Verdict, scores: Scores) -> Answer {
        match verdict {
            Verdict::Enough(facts) => compose(&facts, &scores),
            Verdict::Unclear => Answer(String::new()),
        }
    }
}

fn main() {}
