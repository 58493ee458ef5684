#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn answer(query: Query) -> Facts {
        let docs = search(&query);
        let facts = extract(&docs);
        facts
    }
}

fn main() {
    let _ = flowc::Engine::builder().stub(answer::docs, {
        let name = String::new();
        move |_| {
            drop(name);
            Err(String::new())
        }
    });
}
