#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Docs {
        #[max(3)]
        #[on_error(collect)]
        loop { break search(&query) }
    }
}

fn main() {}
