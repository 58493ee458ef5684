#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(Query(text): Query) -> usize { text.len() }
}

fn main() {}
