#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(verdict: Verdict, scores: Scores) -> Answer {
        match verdict {
            Verdict::Enough(facts) => compose(&scores, &facts),
            _ => Answer(String::new()),
        }
    }
}

fn main() {}
