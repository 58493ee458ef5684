#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query, docs: Docs) -> (Docs, Facts) { (search(&query), extract(&docs)) }
}

fn main() {}
