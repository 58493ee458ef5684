#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

mod inner {
    use super::prelude::*;
    flowc::workflow! {
        fn find(query: &Query) -> Docs { search(query) }
    }
}

flowc::workflow! {
    fn answer(query: Query) -> Docs { inner::find(&query) }
}

fn main() {}
