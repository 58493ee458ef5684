#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query, answer: Answer) -> Docs {
        #[cfg(any())]
        notify(&answer);
        search(&query)
    }
}

fn main() {}
