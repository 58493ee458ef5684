#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn decide(facts: Facts) -> Verdict { judge(facts) }

    fn answer(facts: Facts) -> Docs {
        match decide(facts) {
            Verdict::Missing(query) => search(&query),
            Verdict::Enough(facts) => Docs(facts.0.into_iter().map(Doc).collect()),
        }
    }
}

fn main() {}
