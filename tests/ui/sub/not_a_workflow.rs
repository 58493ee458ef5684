#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

fn find(query: &Query) -> Docs {
    Docs(vec![Doc(query.0.clone())])
}

flowc::workflow! {
    fn answer(query: Query) -> Docs { find(&query) }
}

fn main() {}
