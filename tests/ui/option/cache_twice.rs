#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

fn text(query: &Query) -> String {
    query.0.clone()
}

flowc::workflow! {
    fn answer(query: Query) -> Docs {
        #[cache(key = text)] #[cache(key = text)]
        let docs = search(&query);
        docs
    }
}

fn main() {}
