#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> (Docs, Docs) {
        #[after(second)]
        let first = search(&query);
        let second = search(&query);
        (first, second)
    }
}

fn main() {}
