#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query, limit: usize) -> Docs {
        let mut docs = search(&query);
        docs.0.truncate(limit);
        docs
    }
}

fn main() {
    drop(answer(Query(String::new())).run_blocking(&()));
}
