#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer<M: Model>(query: Query) -> Answer {
        let answer = ask::<_>(&query);
        answer
    }
}

fn main() {}
