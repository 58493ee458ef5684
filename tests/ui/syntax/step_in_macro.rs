#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> String { format!("{}", search(&query).0.len()) }
}

fn main() {}
