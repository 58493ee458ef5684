#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Docs {
        loop {
            #[max(3)]
            let docs = search(&query);
            if !docs.0.is_empty() { break docs }
        }
    }
}

fn main() {}
