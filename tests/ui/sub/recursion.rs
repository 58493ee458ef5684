#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(question: Question) -> Answer {
        let query = rewrite(&question);
        let docs = search(&query);
        if docs.0.is_empty() { escalate(question) } else { answer(question) }
    }
}

fn main() {}
