#[path = "../prelude.rs"]
mod prelude;
use prelude::*;

flowc::workflow! {
    fn length(question: String) -> usize {
        let query = rewrite(&Question(question));
        query.0.len()
    }
}

async fn keep(engine: &flowc::DurableEngine<()>, daily: flowc::schedule::Schedule) {
    let _kept = engine.schedule(daily, |_| length("why?".to_owned())).await;
}

fn main() {
    let _ = keep;
}
