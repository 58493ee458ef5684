#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer<M: Model>(query: Query, again: bool) -> String {
        let reply = if again { ask::<M>(&query) } else { search(&query) };
        reply.0
    }
}

fn main() {}
