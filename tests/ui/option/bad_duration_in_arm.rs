#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query, again: bool) -> Docs {
        if again {
            #[timeout("soon")]
            let docs = search(&query);
            docs
        } else {
            Docs(Vec::new())
        }
    }
}

fn main() {}
