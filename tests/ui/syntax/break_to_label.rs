#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Docs {
        #[max(3)]
        loop {
            break 'outer search(&query);
        }
    }
}

fn main() {}
