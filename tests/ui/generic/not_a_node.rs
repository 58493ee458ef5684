#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

fn guess<M: Model>(model: &M) -> Answer {
    Answer(model.complete("guess"))
}

flowc::workflow! {
    fn answer<M: Model>(model: M) -> Answer { guess::<M>(&model) }
}

fn main() {}
