#[flowc::node]
fn count(text: &str) -> usize {
    text.len()
}

flowc::workflow! {
    fn length(question: String) -> usize {
        count(&question)
    }
}

async fn keep(engine: &flowc::Engine<()>, daily: flowc::schedule::Schedule) {
    let _kept = engine.schedule(daily, |_| length("why?".to_owned())).await;
}

fn main() {
    let _ = keep;
}
