#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(queries: Vec<Query>) -> Vec<Facts> {
        #[max(4)]
        for query in queries {
            let facts = extract(&docs);
            let docs = search(&query);
            facts
        }
    }
}

fn main() {}
