#![deny(warnings)]

use std::time::Duration;

use flowc::{node, signal, workflow};

#[node]
fn count(text: &str, parts: &[String]) -> Result<usize, String> {
    Ok(text.len() + parts.len())
}

#[node]
fn generic<T: Send + Sync + serde::Serialize + serde::de::DeserializeOwned + 'static>(value: T) -> T {
    value
}

workflow! {
    fn inner(text: &str) -> usize {
        let parts = vec![text.to_owned()];
        #[timeout("5s")]
        #[retry(attempts = 2, base = "1ms")]
        let count = count(text, &parts);
        count
    }

    fn outer(text: String) -> usize {
        let waited = flowc::sleep(Duration::from_secs(1));
        #[after(waited)]
        let more = signal::<usize>("more");
        let text = generic::<String>(text);
        inner(&text) + more
    }
}

fn main() {
    let _ = flowc_restate::Deployment::builder().resources(()).workflow::<outer>();
}
