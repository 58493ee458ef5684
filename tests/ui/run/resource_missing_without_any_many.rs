#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Docs { look_up(&query) }
}

async fn start_it() {
    drop(answer(Query(String::new())).run(&()).await);
}

fn main() {
    drop(start_it());
}
