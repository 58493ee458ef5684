#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Docs { look_up(&query) }
}

fn main() {
    let engine = flowc::Engine::builder().resources(()).build();
    drop(engine.start(answer(Query(String::new()))));
}
