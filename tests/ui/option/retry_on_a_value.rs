#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(docs: Docs) -> usize {
        #[retry(attempts = 3)]
        let count = docs.0.len();
        count
    }
}

fn main() {}
