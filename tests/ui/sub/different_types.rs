#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn find(query: &Query) -> Docs { search(query) }

    fn answer(query: Query, docs: Docs) -> usize {
        let found = if docs.0.is_empty() { find(&query) } else { extract(&docs) };
        found.0.len()
    }
}

fn main() {}
