#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Docs { search(&query) }
}

async fn start_it() -> Facts {
    answer(Query(String::new())).run(&()).await.unwrap()
}

fn main() {
    drop(start_it());
}
