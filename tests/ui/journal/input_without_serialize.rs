#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

#[flowc::node]
fn count(text: &str) -> usize {
    text.len()
}

flowc::workflow! {
    fn length(question: Question) -> usize {
        count(&question.0)
    }
}

fn start(engine: &flowc::DurableEngine<()>) {
    engine.start(length(Question("why?".to_owned()))).detach();
}

fn main() {
    let _ = start;
}
