#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(question: Question) -> Facts {
        let query = rewrite(&question);
        let scores = ;
        let docs = search(&question);
        extract(&query)
    }
}

fn main() {}
