#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(docs: Docs) -> Answer {
        #[max(3)]
        loop {
            break extract(&docs);
        }
    }
}

fn main() {}
