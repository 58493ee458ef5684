#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Docs { look_up(&query) }
}

fn main() {
    drop(answer(Query(String::new())).run_blocking(&()));
}
