#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> impl Sized { search(&query) }
}

fn main() {}
