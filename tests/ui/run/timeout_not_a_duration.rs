#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn count(query: Query) -> usize {
        let docs = search(&query);
        docs.0.len()
    }
}

async fn run(query: Query) -> Result<usize, flowc::Failure> {
    count(query).timeout("5s").run(&()).await
}

fn main() {}
