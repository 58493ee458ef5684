#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer<M: Model>(query: Query, again: bool) -> Answer {
        let reply = if again { ask::<M>(&query) };
        reply
    }
}

fn main() {}
