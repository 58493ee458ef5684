#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(queries: Vec<Query>, docs: Docs) -> Vec<Receipt> {
        #[max(4)]
        for _query in queries { archive(docs) }
    }
}

fn main() {}
