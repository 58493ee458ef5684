#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Docs {
        fn double(count: usize) -> usize { count * 2 }
        search(&query)
    }
}

fn main() {}
