#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(question: Question) -> Docs {
        let mut query = rewrite(&question);
        #[max(3)]
        loop {
            let docs = search(&query);
            if !docs.0.is_empty() { break docs }
            query = extract(&docs);
        }
    }
}

fn main() {}
