#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Docs {
        #[cfg(not(unix))]
        let docs = no_such_node(&query);
        docs
    }
}

fn main() {}
