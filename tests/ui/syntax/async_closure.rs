#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> usize {
        let later = async |count: usize| count + 1;
        let docs = search(&query);
        docs.0.len()
    }
}

fn main() {}
