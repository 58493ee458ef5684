#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Docs {
        match catch(search(&query)) {
            Ok(docs) => docs,
        }
    }
}

fn main() {}
