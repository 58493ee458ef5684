#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer<M: Model>(question: Question) -> Answer {
        let reply = ask::<M>(&query);
        let query = rewrite(&question);
        reply
    }
}

fn main() {}
