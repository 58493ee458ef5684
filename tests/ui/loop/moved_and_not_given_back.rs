#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> u64 {
        let mut docs = search(&query);
        #[max(3)]
        loop {
            let receipt = archive(docs);
            if receipt.0 > 3 { break receipt.0 }
            if receipt.0 > 1 { docs = search(&query) }
        }
    }
}

fn main() {}
