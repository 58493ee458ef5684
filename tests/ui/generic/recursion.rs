#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer<M: Model>(query: Query) -> Answer {
        let _again = answer::<M>(query);
        Answer(String::new())
    }
}

fn main() {}
