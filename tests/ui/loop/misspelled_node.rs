#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Docs {
        #[max(3)]
        loop {
            let docs = serch(&query);
            if !docs.0.is_empty() { break docs }
        }
    }
}

fn main() {}
