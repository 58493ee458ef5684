#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn count(facts: Facts, docs: Docs) -> usize {
        match judge(facts) {
            Verdict::Enough(facts) => facts.0.len(),
            Verdict::Missing(query) => {
                let found = search(&query);
                found.0.len() + docs.0.len()
            }
        }
    }
}

fn main() {}
