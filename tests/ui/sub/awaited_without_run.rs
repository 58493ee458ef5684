#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Docs { search(&query) }
}

async fn ask_it() -> Docs {
    answer(Query(String::new())).await
}

fn main() {
    drop(ask_it());
}
