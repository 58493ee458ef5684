#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Docs {
        #[on_error(collect)]
        let docs = search(&query);
        docs
    }
}

fn main() {}
