#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(facts: Vec<Facts>, scores: Scores) -> Vec<Answer> {
        #[max(4)]
        for one in facts { compose(&scores, &one) }
    }
}

fn main() {}
