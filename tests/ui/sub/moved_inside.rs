#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn keep(docs: &Docs) -> Receipt { archive(*docs) }

    fn answer(docs: Docs) -> Receipt { keep(&docs) }
}

fn main() {}
