//! The report that the guide shows is what a real run says: `tests/report/failed.stderr`.
//!
//! To write it anew: `FLOWC_QUOTES=write cargo test -p flowc-tests --test report`, then the quotes as `quotes.rs` says.

// A test that goes wrong may end at once.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::Path;
use std::{env, fmt, fs, io};

use flowc::{Engine, node, workflow};

#[derive(Debug)]
struct ModelError(io::Error);

impl fmt::Display for ModelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the model did not answer")
    }
}

impl std::error::Error for ModelError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}

#[node]
async fn fetch(topic: &str) -> Vec<String> {
    [format!("{topic} sleep"), String::new(), format!("{topic} purr")].into()
}

#[node(version = "1.2.0", retry(attempts = 3, base = "200ms"))]
async fn summarise(page: &str) -> Result<String, ModelError> {
    if page.is_empty() { Err(ModelError(io::Error::other("connection refused"))) } else { Ok(page.to_owned()) }
}

workflow! {
    /// What is known about a topic, page by page.
    fn digest(topic: &str) -> Vec<String> {
        let pages = fetch(topic);
        #[max(4)]
        let notes = for page in &pages { summarise(page) };
        notes
    }

    /// Answers from the notes.
    fn answer(topic: String) -> String {
        let notes = digest(&topic);
        notes.join(", ")
    }
}

#[tokio::test(start_paused = true)]
async fn a_report_reads_as_the_guide_shows_it() {
    let engine = Engine::builder().resources(()).build();
    let failure = engine.start(answer("cats".to_owned()).correlation_id("request 7")).await.unwrap_err();
    // What is different each time stands here as it was once.
    let id = failure.run_id().to_string();
    let report = failure.report().to_string().replace(&id, "0197f3c2-5b1e-7d4a-9c0f-3a6e1b2d4f58") + "\n";
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("report/failed.stderr");
    if env::var_os("FLOWC_QUOTES").is_some_and(|value| value == "write") {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, &report).unwrap();
    }
    assert_eq!(fs::read_to_string(&file).unwrap().replace("\r\n", "\n"), report);
}
