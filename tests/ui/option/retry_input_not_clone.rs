#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(docs: Docs) -> Receipt {
        #[retry(attempts = 3)]
        let receipt = archive(docs);
        receipt
    }
}

fn main() {}
