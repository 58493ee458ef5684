#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Facts {
        let docs = search(&query)?;
        extract(&docs)
    }
}

fn main() {}
