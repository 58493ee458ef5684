#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn ping(query: Query) -> Docs { pong(query) }

    fn pong(query: Query) -> Docs { ping(query) }
}

fn main() {}
