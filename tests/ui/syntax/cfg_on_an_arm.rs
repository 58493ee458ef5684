#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query, again: u8) -> Docs {
        match again {
            #[cfg(any())]
            1 => no_such_node(&query),
            _ => search(&query),
        }
    }
}

fn main() {}
