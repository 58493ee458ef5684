#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(docs: Docs, twice: bool) -> u64 {
        if twice {
            let first = archive(docs);
            let second = archive(docs);
            first.0 + second.0
        } else {
            0
        }
    }
}

fn main() {}
