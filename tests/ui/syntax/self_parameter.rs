#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(&self, query: Query) -> Docs { search(&query) }
}

fn main() {}
