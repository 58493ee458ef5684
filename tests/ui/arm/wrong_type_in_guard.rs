#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(verdict: Verdict, scores: Scores) -> Answer {
        match verdict {
            Verdict::Enough(facts) if facts.0 => compose(&facts, &scores),
            _ => Answer(String::new()),
        }
    }
}

fn main() {}
