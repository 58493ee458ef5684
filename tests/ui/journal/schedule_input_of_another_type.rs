#[flowc::node]
fn count(text: &str) -> usize {
    text.len()
}

flowc::workflow! {
    fn length(question: String) -> usize {
        count(&question)
    }
}

async fn keep(engine: &flowc::DurableEngine<()>, daily: flowc::schedule::Schedule) {
    let _kept = engine.schedule(daily, |time| length(time)).await;
}

fn main() {
    let _ = keep;
}
