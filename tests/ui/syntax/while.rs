#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query, count: usize) -> Docs {
        while count < 3 { search(&query); }
        search(&query)
    }
}

fn main() {}
