#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Facts {
        #[max(3)]
        loop {
            let docs = search(&query);
            break extract(&dosc);
        }
    }
}

fn main() {}
