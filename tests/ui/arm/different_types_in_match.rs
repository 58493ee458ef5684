#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(docs: Docs, verdict: Verdict) -> usize {
        let found = match verdict {
            Verdict::Enough(facts) => facts,
            Verdict::Missing(query) => search(&query),
            Verdict::Unclear => extract(&docs),
        };
        found.0.len()
    }
}

fn main() {}
