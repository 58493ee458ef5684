#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query, cached: Option<Facts>) -> Facts {
        match cached {
            Some(facts) => facts,
            None => {
                let facts = extract(&docs);
                let docs = search(&query);
                facts
            }
        }
    }
}

fn main() {}
