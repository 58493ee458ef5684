#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: &mut Query) -> Docs { search(query) }
}

fn main() {}
