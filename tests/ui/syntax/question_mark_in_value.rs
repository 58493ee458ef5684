#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> usize {
        let count: usize = query.0.parse()?;
        count
    }
}

fn main() {}
