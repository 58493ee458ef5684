#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: &Query) -> Docs { search(query) }
}

fn main() {
    let engine = flowc::Engine::builder().resources(()).build();
    let query = Query(String::new());
    drop(engine.start(answer(&query)));
}
