#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(verdict: Verdict, scores: Scores) -> Answer {
        match verdict {
            Verdict::Enough(facts) => compose(&facts),
            Verdict::Missing(query) => Answer(format!("{} {}", query.0, scores.0.len())),
            Verdict::Unclear => Answer(String::new()),
        }
    }
}

fn main() {}
