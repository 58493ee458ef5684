#![deny(unused_must_use)]
#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Docs { search(&query) }
}

fn main() {
    answer(Query(String::new()));
}
