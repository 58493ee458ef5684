//! The program run for real: the model is a server that follows a script, the notes are files.

#![allow(clippy::pedantic, clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use std::fs;
use std::path::Path;
use std::process::Command;

use flowc_test_peers::aimock::Aimock;
use serde_json::{Value, json};

struct Ran {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

fn run(folder: &Path, url: &str, words: &[&str]) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_research"));
    command.env_remove("FLOWC_MODEL_KEY").env("FLOWC_MODEL_URL", url).env("FLOWC_MODEL", "openai/tiny");
    let output = command.current_dir(folder).args(words).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Ran { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

fn notes() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("cats.md"), "# Cats\n\nCats sleep for sixteen hours.\n\nCats eat mice.\n").unwrap();
    fs::write(folder.path().join("dogs.md"), "# Dogs\n\nDogs sleep for twelve hours.\n").unwrap();
    folder
}

/// A server with a plan, and these drafts in turn.
fn server(plan: &[&str], drafts: &[&str]) -> Aimock {
    let plan = json!({ "content": json!({ "questions": plan }).to_string() });
    let mut script = vec![json!({ "match": { "userMessage": "", "responseFormat": "json_schema" }, "response": plan })];
    script.extend(drafts.iter().enumerate().map(|(turn, draft)| {
        // The correction is the last thing that is said, so the first draft answers to the question alone.
        let said = ["Question:", "no source [9]", "cite no source"][turn];
        json!({ "match": { "userMessage": said }, "response": { "content": draft } })
    }));
    Aimock::start(Path::new(env!("CARGO_TARGET_TMPDIR")), &Value::from(script))
}

fn url(server: &Aimock) -> String {
    format!("{}/v1", server.address)
}

#[test]
fn a_report_cites_what_was_found() {
    let server = server(&["How long do dogs sleep?", "?"], &["Cats sleep sixteen hours [1], dogs twelve [2]."]);
    let ran = run(notes().path(), &url(&server), &["How long do cats sleep?"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert_eq!(ran.stdout, "Cats sleep sixteen hours [1], dogs twelve [2].\n\nSources\n  [1] cats.md\n  [2] dogs.md\n");
    for step in [
        "research/plan",
        "research/found[0]/search_words",
        "research/found[1]/search_words",
        "research/report[0]/draft",
    ] {
        assert!(ran.stderr.contains(&format!("  {step} ")), "no `{step}` in {}", ran.stderr);
    }
    let asked = server.journal().last().unwrap().to_string();
    assert!(asked.contains("[1] cats.md") && asked.contains("[2] dogs.md"), "{asked}");
}

#[test]
fn a_report_that_cites_what_is_not_there_is_written_again() {
    let server = server(&["cats"], &["Cats sleep [9].", "Cats sleep.", "Cats sleep [1]."]);
    let ran = run(notes().path(), &url(&server), &["How long do cats sleep?"]);
    assert_eq!((ran.code, ran.stdout.starts_with("Cats sleep [1].")), (Some(0), true), "{}{}", ran.stdout, ran.stderr);
    assert_eq!(server.journal().len(), 4);
}

#[test]
fn one_that_never_gets_it_right_ends() {
    let server = server(&["cats"], &["Cats [9].", "Cats [9]."]);
    let ran = run(notes().path(), &url(&server), &["How long do cats sleep?"]);
    assert!(ran.code == Some(1) && ran.stderr.contains("did not break within its 3 rounds"), "{}", ran.stderr);
}

#[test]
fn mistakes_are_said_with_the_way_out() {
    let folder = notes();
    let server = server(&["bees"], &["never"]);
    let ran = run(folder.path(), &url(&server), &["Where do bees live?"]);
    assert!(ran.code == Some(1) && ran.stderr.contains("the notes say nothing about it"), "{}", ran.stderr);
    let ran = run(folder.path(), "http://127.0.0.1:1/v1", &["How?"]);
    assert!(ran.code == Some(1) && ran.stderr.contains("error: step `research/plan`"), "{}", ran.stderr);
    let ran = run(folder.path(), "http://127.0.0.1:1/v1", &["--folder", "nowhere", "How?"]);
    assert!(ran.code == Some(1) && ran.stderr.contains("nowhere"), "{}", ran.stderr);
    assert_eq!(run(folder.path(), "", &[]).code, Some(2));
    assert!(run(folder.path(), "", &["--help"]).stdout.contains("FLOWC_MODEL_URL"));
    assert!(run(folder.path(), "", &["--graph"]).stdout.starts_with("flowchart TB"));
}
