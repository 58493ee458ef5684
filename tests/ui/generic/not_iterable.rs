#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer<M: Model>(query: Query) -> Vec<Answer> {
        #[max(4)]
        for one in query { ask::<M>(&one) }
    }
}

fn main() {}
