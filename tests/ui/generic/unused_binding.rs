#![deny(unused_variables)]
#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer<M: Model>(query: Query) -> Answer {
        let draft = ask::<M>(&query);
        ask::<M>(&query)
    }
}

fn main() {}
