#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(first: Query) -> Docs {
        let mut query = first;
        #[max(3)]
        loop {
            let docs = search(&query);
            if !docs.0.is_empty() { break docs }
            query = tidy(query);
        }
    }
}

fn main() {}
