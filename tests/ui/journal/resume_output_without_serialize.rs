#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn length(question: String) -> usize {
        let query = rewrite(&Question(question));
        query.0.len()
    }
}

async fn go_on(engine: &flowc::DurableEngine<()>) {
    let _known = engine.resume::<length>().await;
}

fn main() {
    let _ = go_on;
}
