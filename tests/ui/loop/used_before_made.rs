#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Facts {
        #[max(3)]
        loop {
            let facts = extract(&docs);
            let docs = search(&query);
            if docs.0.is_empty() { break facts }
        }
    }
}

fn main() {}
