#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> usize {
        let (docs, more) = search(&query);
        docs.len() + more.len()
    }
}

fn main() {}
