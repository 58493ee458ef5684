#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> usize {
        let docs = search(&query);
        let total = docs.0.len();
        total
    }
}

fn main() {
    let _ = answer::total;
}
