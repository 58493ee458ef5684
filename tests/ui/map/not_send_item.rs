#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(docs: Docs) -> Vec<Note> {
        #[max(4)]
        for doc in docs.0.into_iter().map(std::rc::Rc::new) { summarise(&doc) }
    }
}

fn main() {}
