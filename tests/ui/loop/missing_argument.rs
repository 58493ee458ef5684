#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(docs: Docs) -> Answer {
        #[max(3)]
        loop {
            let facts = extract(&docs);
            break compose(&facts);
        }
    }
}

fn main() {}
