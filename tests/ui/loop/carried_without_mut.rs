#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(question: Question) -> Docs {
        let query = rewrite(&question);
        #[max(3)]
        loop {
            let docs = search(&query);
            if !docs.0.is_empty() { break docs }
            query = rewrite(&question);
        }
    }
}

fn main() {}
