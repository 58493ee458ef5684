#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(question: Question) -> Docs {
        #[max(3)]
        loop {
            let _query = rewrite(&question);
        }
    }
}

fn main() {}
