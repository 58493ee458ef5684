#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn length(question: String) -> usize {
        let query = rewrite(&Question(question));
        query.0.len()
    }
}

fn start(engine: &flowc::DurableEngine<()>) {
    engine.start(length("why?".to_owned())).detach();
}

fn main() {
    let _ = start;
}
