#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(docs: &Docs) -> Receipt {
        archive(*docs)
    }
}

fn main() {}
