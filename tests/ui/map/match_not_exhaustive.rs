#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(all: Vec<Facts>) -> Vec<Docs> {
        #[max(4)]
        for facts in all {
            match judge(facts) {
                Verdict::Missing(query) => search(&query),
                Verdict::Unclear => Docs(Vec::new()),
            }
        }
    }
}

fn main() {}
