#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn find(query: &Query) -> Facts { search(query) }

    fn answer(query: Query) -> Facts { find(&query) }
}

fn main() {}
