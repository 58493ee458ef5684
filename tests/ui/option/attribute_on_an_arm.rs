#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query, again: bool) -> Docs {
        match again {
            #[timeout("5s")]
            true => search(&query),
            false => Docs(Vec::new()),
        }
    }
}

fn main() {}
