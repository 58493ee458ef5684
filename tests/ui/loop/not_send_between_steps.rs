#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> usize {
        let shared = std::rc::Rc::new(1);
        #[max(3)]
        loop {
            let docs = search(&query);
            if docs.0.len() > *shared { break docs.0.len() }
        }
    }
}

fn main() {}
