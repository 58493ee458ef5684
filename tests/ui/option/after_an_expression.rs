#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Docs {
        #[after(search(&query))]
        let docs = search(&query);
        docs
    }
}

fn main() {}
