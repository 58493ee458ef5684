#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(docs: Option<Docs>, all: bool) -> usize {
        if all {
            let Some(docs) = docs else { panic!("no docs") };
            docs.0.len()
        } else {
            0
        }
    }
}

fn main() {}
