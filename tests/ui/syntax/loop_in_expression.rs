#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> usize { 1 + loop { break query.0.len() } }
}

fn main() {}
