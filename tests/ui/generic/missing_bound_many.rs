#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer<M: Send>(query: Query) -> Answer { ask::<M>(&query) }
}

fn main() {}
