#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

fn whose(doc: &Doc) -> &str {
    &doc.0
}

flowc::workflow! {
    fn answer(query: Query) -> Docs {
        #[rate(calls = 10, per = "1s", key = whose)]
        let docs = search(&query);
        docs
    }
}

fn main() {}
