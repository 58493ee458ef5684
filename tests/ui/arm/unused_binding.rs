#![deny(unused_variables)]
#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(verdict: Verdict) -> Docs {
        match verdict {
            Verdict::Missing(query) => {
                let docs = search(&query);
                search(&query)
            }
            _ => Docs(Vec::new()),
        }
    }
}

fn main() {}
