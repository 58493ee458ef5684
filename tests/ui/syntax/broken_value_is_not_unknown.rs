#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(question: Question) -> Facts {
        let query = rewrite(&question)?;
        let docs = search(&query);
        extract(&docs)
    }
}

fn main() {}
