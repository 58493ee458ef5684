#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn length(question: String) -> usize {
        let query = rewrite(&Question(question));
        query.0.len()
    }
}

async fn go_on(engine: &flowc::DurableEngine<()>, run: flowc::RunId) {
    let _known = engine.fork::<length>(run).start().await;
}

fn main() {
    let _ = go_on;
}
