#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Docs {
        let later = async { 1 };
        drop(later);
        search(&query)
    }
}

fn main() {}
