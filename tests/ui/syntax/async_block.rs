#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Docs {
        let _later = async { 1 };
        search(&query)
    }
}

fn main() {}
