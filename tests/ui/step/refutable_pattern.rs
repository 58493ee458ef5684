#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(facts: Facts) -> Docs {
        let Verdict::Missing(query) = judge(facts);
        search(&query)
    }
}

fn main() {}
