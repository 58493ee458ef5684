#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(queries: Vec<Query>) -> Vec<Query> {
        #[max(4)]
        for query in queries { tidy(query) }
    }
}

fn main() {}
