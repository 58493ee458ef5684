#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(docs: Docs) -> u64 {
        #[max(3)]
        loop {
            let receipt = archive(docs);
            if receipt.0 > 3 { break receipt.0 }
        }
    }
}

fn main() {}
