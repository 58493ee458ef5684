#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Docs {
        let clean = tidy(query);
        search(&clean)
    }
}

fn main() {}
