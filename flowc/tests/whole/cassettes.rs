//! Outside calls, recorded and played.
#![cfg(feature = "cassettes")]

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use flowc::testing::Cassette;
use flowc::{Engine, FailureKind, Resources, node, workflow};
use serde::{Deserialize, Serialize};

#[derive(Debug, Serialize, Deserialize, PartialEq)]
struct Page {
    title: String,
    key: Option<String>,
}

/// How often the outside was called.
#[derive(Default, Resources)]
struct App {
    calls: AtomicU32,
}

#[node(retry(attempts = 2, base = "1ms"))]
async fn fetch(word: &str, pages: usize, #[resource] calls: &AtomicU32) -> Result<Page, String> {
    calls.fetch_add(1, Ordering::Relaxed);
    if word.is_empty() {
        return Err("there is no such page".to_owned());
    }
    Ok(Page { title: format!("{word} {pages}"), key: Some("sk-secret".to_owned()) })
}

workflow! {
    fn read(words: Vec<String>, pages: usize) -> Vec<Page> {
        #[max(4)]
        let all = for word in &words { #[timeout("1s")] let page = fetch(word, pages); page };
        all
    }
}

/// A file of its own, gone with the test.
struct Tape(PathBuf);

impl Tape {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("flowc-cassettes-{}-{name}", std::process::id()));
        Self(folder.join("deep/tape.json"))
    }
}

impl Drop for Tape {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(self.0.parent().and_then(Path::parent).unwrap());
    }
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

async fn run(cassette: &Cassette, all: &[&str], pages: usize) -> (Result<Vec<Page>, flowc::Failure>, u32) {
    let engine = Engine::builder().resources(App::default()).cassette(read::page, cassette).build();
    let result = engine.start(read(words(all), pages)).await;
    (result, engine.resources().calls.load(Ordering::Relaxed))
}

#[tokio::test]
async fn what_was_recorded_is_played_without_a_call() {
    let tape = Tape::new("played");
    let cassette = Cassette::record_or_replay(&tape.0).unwrap().redact(|text| text.replace("sk-secret", "<key>"));
    let (recorded, calls) = run(&cassette, &["cats", "dogs", "cows"], 2).await;
    assert_eq!((recorded.unwrap()[0].key.as_deref(), calls), (Some("sk-secret"), 3));
    let text = std::fs::read_to_string(&tape.0).unwrap();
    assert!(!text.contains("sk-secret") && text.contains("\"read/all[0]/page\""), "{text}");
    assert_eq!(std::fs::read_dir(tape.0.parent().unwrap()).unwrap().count(), 1, "nothing is left beside the file");

    let cassette = Cassette::record_or_replay(&tape.0).unwrap();
    let (played, calls) = run(&cassette, &["cats", "dogs", "cows"], 2).await;
    let played = played.unwrap();
    assert_eq!((played[2].title.as_str(), played[2].key.as_deref(), calls), ("cows 2", Some("<key>"), 0));
    assert_eq!(cassette.unplayed(), Vec::<String>::new());
}

#[tokio::test]
async fn a_call_that_is_not_on_it_is_refused_with_what_changed() {
    let tape = Tape::new("refused");
    run(&Cassette::record(&tape.0), &["cats"], 2).await.0.unwrap();

    let cassette = Cassette::replay(&tape.0).unwrap();
    let (result, calls) = run(&cassette, &["dogs"], 2).await;
    let failure = result.unwrap_err();
    assert_eq!((failure.kind(), failure.step(), calls), (FailureKind::Error, "read/all[0]/page", 0));
    let text = failure.to_string();
    assert!(
        text.contains("- recorded, + now") && text.contains("-   \"cats\"") && text.contains("+   \"dogs\""),
        "{text}"
    );
    assert_eq!(cassette.unplayed(), ["read/all[0]/page"]);

    // Once more, and once too often.
    assert!(run(&cassette, &["cats"], 2).await.0.is_ok());
    let text = run(&cassette, &["cats"], 2).await.0.unwrap_err().to_string();
    assert!(text.contains("was called more often with these inputs"), "{text}");
    let text = run(&cassette, &["cats", "cows"], 2).await.0.unwrap_err().to_string();
    assert!(text.contains("more often") || text.contains("has no call of `read/all[1]/page`"), "{text}");
}

#[tokio::test]
async fn a_failure_is_not_recorded() {
    let tape = Tape::new("failure");
    let (result, calls) = run(&Cassette::record(&tape.0), &[""], 2).await;
    assert_eq!((result.unwrap_err().kind(), calls), (FailureKind::Error, 2));
    assert!(!tape.0.exists());
}

#[test]
fn a_file_that_is_none_is_refused() {
    let tape = Tape::new("none");
    let said = |cassette: std::io::Result<Cassette>| cassette.unwrap_err().to_string();
    assert!(said(Cassette::replay(&tape.0)).contains("cannot be read"));
    std::fs::create_dir_all(tape.0.parent().unwrap()).unwrap();
    std::fs::write(&tape.0, "{").unwrap();
    assert!(said(Cassette::replay(&tape.0)).contains("is not in order"));
    std::fs::write(&tape.0, r#"{"version": 9, "calls": []}"#).unwrap();
    assert!(said(Cassette::record_or_replay(&tape.0)).contains("is of version 9"));
}
