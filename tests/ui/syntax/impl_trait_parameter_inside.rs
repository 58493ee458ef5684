#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(texts: Vec<impl ToString>) -> usize {
        texts.len()
    }
}

fn main() {}
