#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(queries: Vec<Query>) -> Vec<Docs> {
        #[max(4)]
        for query in queries {
            #[timeout("1 w")]
            let docs = search(&query);
            docs
        }
    }
}

fn main() {}
