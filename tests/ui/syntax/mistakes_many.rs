#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(question: Question) -> Answer {
        let query = rewrite(&question).await;
        let docs = search(&query)?;
        let facts = extract(&docs, 3);
        let scores = score(&query);
        for doc in &docs.0 { summarise(doc) };
        return compose(&facts, &scores)
    }
}

fn main() {}
