#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(question: Question) -> Receipt {
        let query = rewrite(&question);
        let docs = search(&query);
        archive(&docs)
    }
}

fn main() {}
