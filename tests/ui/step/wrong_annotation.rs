#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Facts {
        let docs: Facts = search(&query);
        docs
    }
}

fn main() {}
