#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer<M: Model>(question: Question) -> Answer {
        let query = rewrite(&question);
        ask::<M>(&qeury)
    }
}

fn main() {}
