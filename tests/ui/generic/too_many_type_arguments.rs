#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer<M: Model>(query: Query) -> Answer {
        let answer = ask::<M, M>(&query);
        answer
    }
}

fn main() {}
