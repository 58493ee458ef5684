#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(all: Vec<Docs>) -> Vec<u64> {
        #[max(4)]
        for docs in all {
            let first = archive(docs);
            let second = archive(docs);
            first.0 + second.0
        }
    }
}

fn main() {}
