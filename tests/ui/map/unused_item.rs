#![deny(unused_variables)]
#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Vec<Docs> {
        #[max(4)]
        for round in 0..3 { search(&query) }
    }
}

fn main() {}
