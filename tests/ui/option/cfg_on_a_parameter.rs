#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query, #[cfg(all())] again: bool) -> Docs {
        if again { search(&query) } else { Docs(Vec::new()) }
    }
}

fn main() {}
