#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer<M: Model>(query: Query) -> Answer { ask(&query) }
}

fn main() {}
