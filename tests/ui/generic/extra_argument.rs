#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer<M: Model>(query: Query, model: M) -> Answer { ask::<M>(&query, &model) }
}

fn main() {}
