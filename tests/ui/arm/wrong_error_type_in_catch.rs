#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> usize {
        match catch(search(&query)) {
            Ok(docs) => docs.0.len(),
            Err(failure) => failure.error().map_or(0, |error: &std::io::Error| error.to_string().len()),
        }
    }
}

fn main() {}
