#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query, mut_count: usize) -> Docs {
        while mut_count < 3 { search(&query); }
        search(&query)
    }
}

fn main() {}
