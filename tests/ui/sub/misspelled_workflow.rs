#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn retrieve(query: &Query) -> Docs { search(query) }

    fn answer(query: Query) -> Docs { retreive(&query) }
}

fn main() {}
