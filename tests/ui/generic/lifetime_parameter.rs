#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer<'q>(query: &'q Query) -> Docs { search(query) }
}

fn main() {}
