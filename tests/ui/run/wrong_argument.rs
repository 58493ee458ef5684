#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Docs { search(&query) }
}

fn main() {
    drop(answer(Question(String::new())).run_blocking(&()));
}
