#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer<M: Model>(question: Question) -> Answer { ask::<M>(&question) }
}

fn main() {}
