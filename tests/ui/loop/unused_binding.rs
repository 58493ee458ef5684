#![deny(unused_variables)]
#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Docs {
        #[max(3)]
        loop {
            let scores = search(&query);
            let docs = search(&query);
            break docs;
        }
    }
}

fn main() {}
