#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn first(query: Query) -> Docs { search(&query) }

    fn second(query: Query) -> {
        search(&query)
    }
}

fn main() {
    drop(first(Query(String::new())).run_blocking(&()));
}
