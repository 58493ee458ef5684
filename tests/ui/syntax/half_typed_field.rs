#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Facts {
        let docs = search(&query);
        let count = docs.;
        extract(&docs)
    }
}

fn main() {}
