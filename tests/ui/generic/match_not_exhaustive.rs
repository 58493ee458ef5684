#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer<M: Model>(verdict: Verdict) -> Answer {
        match verdict {
            Verdict::Missing(query) => ask::<M>(&query),
            Verdict::Unclear => Answer(String::new()),
        }
    }
}

fn main() {}
