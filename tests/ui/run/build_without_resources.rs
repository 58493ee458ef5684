#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Docs { search(&query) }
}

fn main() {
    let engine = flowc::Engine::builder().build();
    drop(engine.start(answer(Query(String::new()))));
}
