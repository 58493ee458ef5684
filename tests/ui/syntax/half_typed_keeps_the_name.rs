#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Docs {
        let docs = search(&query, +);
        docs
    }
}

fn main() {
    drop(answer(Query(String::new())).run_blocking(&()));
}
