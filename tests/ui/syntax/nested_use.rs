#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Docs {
        use std::collections::HashMap;
        search(&query)
    }
}

fn main() {}
