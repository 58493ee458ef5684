#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(texts: &Vec<String>) -> Option<&String> {
        texts.first()
    }
}

fn main() {}
