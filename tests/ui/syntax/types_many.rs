#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(question: Question) -> Answer {
        let query = rewrite(question);
        let docs = search(&question);
        let facts = extract(&query);
        let scores = score(&dosc);
        compose(&scores, &facts)
    }
}

fn main() {}
