#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Docs {
        #[max(3)]
        loop {
            #[cfg(all())]
            let docs = search(&query);
            break docs;
        }
    }
}

fn main() {}
