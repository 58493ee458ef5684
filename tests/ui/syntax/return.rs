#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Docs {
        if query.0.is_empty() { return Docs(Vec::new()); }
        search(&query)
    }
}

fn main() {}
