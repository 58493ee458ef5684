//! A failure as problem+json and as a report.

use std::fmt;

#[cfg(feature = "serde")]
use flowc::FailureKind;
use flowc::{Engine, Failure, Problem, node, workflow};
use serde_json::Value;

/// An error with causes, whose text needs escaping.
#[derive(Debug)]
pub struct Broken {
    source: std::io::Error,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the \"index\" \\ is broken:\n\tline 2 \u{1b}[31m\u{7}, ärger 🙂")
    }
}

impl std::error::Error for Broken {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}

/// Reads a document, and cannot.
#[node(version = "2.1.0", retry(attempts = 3, base = "1ms"))]
async fn read(page: &u64) -> Result<u64, Broken> {
    let _ = page;
    Err(Broken { source: std::io::Error::other("the disk is gone") })
}

#[node]
async fn list(count: u64) -> Vec<u64> {
    (0..count).collect()
}

workflow! {
    /// Reads pages.
    fn pages(count: u64) -> usize {
        let all = list(count);
        #[max(1)]
        let read = for page in all { read(&page) };
        read.len()
    }
    /// Reads pages in another workflow.
    fn library(count: u64, secret: String) -> usize {
        let shelf = pages(count);
        let _ = secret;
        shelf
    }
}

async fn failed() -> Failure {
    let engine = Engine::builder().resources(()).build();
    let run = engine.start(library(2, "a secret input".to_owned()).correlation_id("order \"7\""));
    let id = run.id();
    let failure = run.await.unwrap_err();
    assert_eq!(failure.run_id(), id);
    failure
}

#[tokio::test(start_paused = true)]
async fn a_failure_knows_its_place() {
    let failure = failed().await;
    assert_eq!(failure.workflow(), "library");
    assert_eq!(failure.step(), "library/shelf/read[0]/read");
    assert_eq!((failure.node(), failure.node_version()), ("read", Some("2.1.0")));
    assert_eq!(failure.correlation_id(), Some("order \"7\""));
    assert_eq!(failure.attempts(), 3);
    assert!(failure.elapsed().unwrap() >= std::time::Duration::from_millis(3), "{:?}", failure.elapsed());
    assert_eq!(failure.is_retryable(), Some(true));
    assert!(failure.help().starts_with("all 3 attempts failed"), "{}", failure.help());
    let chain: Vec<_> = failure.chain().collect();
    assert!(chain[0].is::<Broken>());
    assert!(chain[1].is::<std::io::Error>());
    assert_eq!(chain.len(), 2);
    assert_eq!(std::error::Error::source(&failure).unwrap().to_string(), "the disk is gone");
    assert!(failure.error().unwrap().downcast_ref::<Broken>().is_some(), "typed, though it went through two workflows");
    assert!(failure.into_error().unwrap().into_inner().downcast::<Broken>().is_ok());
    assert_eq!(size_of::<Result<(), Failure>>(), size_of::<usize>());
}

/// RFC 9457: which members there are, and of which types.
fn check(json: &str) -> Value {
    let value: Value = serde_json::from_str(json).unwrap_or_else(|error| panic!("{error}: {json}"));
    let object = value.as_object().unwrap();
    let text = |name: &str| object[name].as_str().unwrap_or_else(|| panic!("{name} in {json}"));
    assert!(text("type").starts_with("urn:flowc:failure:"));
    assert!(!text("title").is_empty() && !text("detail").is_empty() && !text("help").is_empty());
    let status = object["status"].as_u64().unwrap();
    assert!((400..600).contains(&status));
    let id = text("instance").strip_prefix("urn:uuid:").unwrap();
    id.parse::<flowc::RunId>().unwrap();
    for name in object.keys() {
        // Names of extension members: a letter, then letters, digits and `_`, three of them or more.
        assert!(name.len() >= 3 && name.starts_with(|c: char| c.is_ascii_alphabetic()), "{name}");
        assert!(name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'), "{name}");
    }
    value
}

#[tokio::test(start_paused = true)]
async fn a_problem_is_json_by_the_rules() {
    let failure = failed().await;
    let json = failure.problem().to_string();
    let value = check(&json);
    assert_eq!(value["type"], "urn:flowc:failure:error");
    assert_eq!(value["status"], 500);
    assert_eq!(value["detail"], failure.to_string());
    assert_eq!(value["instance"], format!("urn:uuid:{}", failure.run_id()));
    assert_eq!(value["kind"], "error");
    assert_eq!((&value["workflow"], &value["node"]), (&"library".into(), &"read".into()));
    assert_eq!(value["step"], "library/shelf/read[0]/read");
    assert_eq!(value["version"], "2.1.0");
    assert_eq!(value["attempts"], 3);
    assert!(value["elapsed_ms"].as_u64().unwrap() >= 3);
    assert_eq!(value["causes"], serde_json::json!(["the disk is gone"]));
    assert_eq!(value["correlation_id"], "order \"7\"");
    assert!(value.get("retry_after").is_none());
    assert!(!json.contains("secret"), "an input has got into {json}");
    assert!(json.contains("\\u001b[31m\\u0007"), "{json}");
    assert_eq!(Problem::MEDIA_TYPE, "application/problem+json");
}

#[cfg(feature = "serde")]
#[tokio::test(start_paused = true)]
async fn serde_writes_the_same_and_reads_it_back() {
    let problem = failed().await.problem();
    let written = serde_json::to_value(&problem).unwrap();
    assert_eq!(written, serde_json::from_str::<Value>(&problem.to_string()).unwrap());
    assert_eq!(serde_json::from_value::<Problem>(written).unwrap(), problem);
    for kind in FailureKind::ALL {
        let text = serde_json::to_value(kind).unwrap();
        assert_eq!(text, kind.as_str());
        assert_eq!(serde_json::from_value::<FailureKind>(text).unwrap(), kind);
    }
}

#[tokio::test(start_paused = true)]
async fn a_report_is_for_people() {
    let failure = failed().await;
    let plain = failure.report().to_string();
    assert!(!plain.contains('\u{1b}'), "a node's text must not reach the terminal as it is: {plain:?}");
    let place = |line: &str| plain.lines().any(|text| text.contains(line));
    assert!(plain.starts_with("error: step `library/shelf/read[0]/read` failed after 3 attempts\n"), "{plain}");
    assert!(place("because: the disk is gone"));
    assert!(place("└─ shelf = pages(..)") && place("flowc/tests/whole/problem.rs:"), "{plain}");
    assert!(place("◀ failed"));
    assert!(place("attempts  3") && place(&failure.run_id().to_string()));
    assert!(plain.ends_with(failure.help()));

    let painted = failure.report().color(true).to_string();
    assert_eq!(painted, format!("{:#}", failure.report()));
    let mut bare = String::new();
    for (place, part) in painted.split("\u{1b}[").enumerate() {
        bare.push_str(if place == 0 { part } else { part.split_once('m').unwrap().1 });
    }
    assert_eq!(bare, plain, "colours change nothing else");
}
