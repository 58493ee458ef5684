#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(docs: Docs) -> usize {
        match catch(docs.0.first()) {
            Ok(_) => 1,
            Err(_) => 0,
        }
    }
}

fn main() {}
