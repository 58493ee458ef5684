#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Answer {
        let docs = search(&query);
        let facts = extract(&docs);
        compose(&facts, &ranking)
    }
}

fn main() {}
