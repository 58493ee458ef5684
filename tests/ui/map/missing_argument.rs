#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(facts: Vec<Facts>) -> Vec<Answer> {
        #[max(4)]
        for one in facts { compose(&one) }
    }
}

fn main() {}
