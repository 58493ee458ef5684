#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(question: Question) -> Answer {
        let query = revise(&question, &docs);
        let docs = search(&query);
        let facts = extract(&docs);
        let scores = score(&docs);
        compose(&facts, &scores)
    }
}

#[flowc::node]
fn revise(question: &Question, docs: &Docs) -> Query {
    Query(format!("{} {}", question.0, docs.0.len()))
}

fn main() {}
