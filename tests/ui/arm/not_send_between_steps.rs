#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query, again: bool) -> usize {
        if again {
            let shared = std::rc::Rc::new(1);
            let docs = search(&query);
            docs.0.len() + *shared
        } else {
            0
        }
    }
}

fn main() {}
