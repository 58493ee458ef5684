#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer<Chat: Model>(query: Query) -> Answer { ask::<Caht>(&query) }
}

fn main() {}
