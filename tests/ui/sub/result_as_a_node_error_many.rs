#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn find(query: &Query) -> Docs { search(query) }

    fn answer(query: Query) -> String {
        match catch(find(&query)) {
            Ok(docs) => docs.0.len().to_string(),
            Err(failure) => failure.error().cloned().unwrap_or_default(),
        }
    }
}

fn main() {}
