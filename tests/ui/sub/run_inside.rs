#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn find(query: Query) -> Docs {
        search(&query)
    }

    fn answer(query: Query) -> Docs {
        let docs = find(query).run(&());
        docs
    }
}

fn main() {}
