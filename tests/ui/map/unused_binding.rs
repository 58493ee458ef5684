#![deny(unused_variables)]
#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(queries: Vec<Query>) -> Vec<Docs> {
        #[max(4)]
        for query in queries {
            let docs = search(&query);
            search(&query)
        }
    }
}

fn main() {}
