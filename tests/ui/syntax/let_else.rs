#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(facts: Facts) -> Docs {
        let Verdict::Missing(query) = judge(facts) else { panic!("nothing is missing") };
        search(&query)
    }
}

fn main() {}
