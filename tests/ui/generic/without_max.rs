#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer<M: Model>(queries: Vec<Query>) -> Vec<Answer> {
        for query in queries { ask::<M>(&query) }
    }
}

fn main() {}
