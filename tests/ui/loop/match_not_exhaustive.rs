#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(first: Facts) -> Docs {
        let mut facts = first;
        #[max(3)]
        loop {
            match judge(facts) {
                Verdict::Enough(same) => facts = same,
                Verdict::Missing(query) => break search(&query),
            }
        }
    }
}

fn main() {}
