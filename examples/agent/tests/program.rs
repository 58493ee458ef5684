//! The program run for real: the model is a server that follows a script, the tools work on real files.

#![allow(clippy::pedantic, clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use flowc_test_peers::aimock::Aimock;
use serde_json::{Value, json};

const PROGRAM: &str = env!("CARGO_BIN_EXE_agent");

struct Ran {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

/// Runs it with these settings and words, and types `input`.
fn run(settings: &[(&str, &str)], words: &[&str], input: &str) -> Ran {
    let mut command = Command::new(PROGRAM);
    for setting in ["FLOWC_MODEL", "FLOWC_MODEL_URL", "FLOWC_MODEL_KEY"] {
        command.env_remove(setting);
    }
    command.envs(settings.iter().copied()).args(words);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Ran { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

fn notes() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("cats.md"), "# Cats\n\nCats sleep for sixteen hours a day.\n").unwrap();
    fs::write(folder.path().join("dogs.md"), "# Dogs\n\nDogs bark at strangers.\n").unwrap();
    folder
}

fn call(name: &str, arguments: Value) -> Value {
    json!({ "toolCalls": [{ "id": format!("call-{name}"), "name": name, "arguments": arguments.to_string() }] })
}

fn server(question: &str, first: Value, last: &str) -> Aimock {
    let script = json!([
        { "match": { "userMessage": question, "hasToolResult": false }, "response": first },
        { "match": { "userMessage": question, "hasToolResult": true }, "response": { "content": last } },
    ]);
    Aimock::start(Path::new(env!("CARGO_TARGET_TMPDIR")), &script)
}

fn ask(server: &Aimock, words: &[&str], input: &str) -> Ran {
    let url = format!("{}/v1", server.address);
    run(&[("FLOWC_MODEL", "openai/tiny"), ("FLOWC_MODEL_URL", &url)], words, input)
}

/// What the model was told of the tool that it called.
fn told(server: &Aimock) -> String {
    let last = server.journal().last().unwrap().clone();
    let messages = last.pointer("/body/messages").and_then(Value::as_array).unwrap().clone();
    let tool = messages.iter().find(|message| message["role"] == "tool").unwrap();
    tool["content"].as_str().unwrap().to_owned()
}

#[test]
fn a_question_is_answered_from_the_notes() {
    let folder = notes();
    let first = call("search_notes", json!({ "words": "cats sleep" }));
    let server = server("How long", first, "Sixteen hours, says cats.md.");
    let ran = ask(&server, &["--folder", folder.path().to_str().unwrap(), "How long do cats sleep?"], "");
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), "Sixteen hours, says cats.md.\n"), "{}", ran.stderr);
    assert!(ran.stderr.contains("search_notes {\"words\":\"cats sleep\"}\n"), "{}", ran.stderr);
    assert!(ran.stderr.contains("asked 2 times, 1 calls"), "{}", ran.stderr);
    assert!(told(&server).contains("Cats sleep for sixteen hours a day."));
    let first = server.journal().first().unwrap().clone();
    let offered = first.pointer("/body/tools").and_then(Value::as_array).unwrap().len();
    assert_eq!(offered, 4);
}

#[test]
fn a_workflow_is_a_tool() {
    let folder = notes();
    let server = server("What is there", call("list_notes", json!({})), "Notes on cats and dogs.");
    let ran = ask(&server, &["--folder", folder.path().to_str().unwrap(), "What is there?"], "");
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let told = told(&server);
    assert!(told.contains("# Cats") && told.contains("dogs.md"), "{told}");
}

#[test]
fn a_note_is_written_if_the_user_agrees() {
    let write = || call("write_note", json!({ "name": "sleep", "text": "Cats sleep." }));
    for (words, input, is_written) in
        [(&[][..], "y\n", true), (&[], "n\n", false), (&[], "", false), (&["--yes"], "", true)]
    {
        let folder = notes();
        let server = server("Keep", write(), "Done.");
        let words = [&["--folder", folder.path().to_str().unwrap()][..], words, &["Keep it."]].concat();
        let ran = ask(&server, &words, input);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), "Done.\n"), "{}", ran.stderr);
        let note = fs::read_to_string(folder.path().join("sleep.md"));
        assert_eq!(note.ok().as_deref(), is_written.then_some("Cats sleep.\n"));
        if !is_written {
            assert!(told(&server).contains("the user does not want this note"));
        }
    }
}

#[test]
fn what_the_model_does_wrong_is_told_to_it() {
    let folder = notes();
    for (name, arguments, why) in [
        ("read_note", json!({ "note": "../secret.txt" }), "../secret.txt"),
        ("write_note", json!({ "name": "../x", "text": "" }), "no name for a note"),
        ("search_notes", json!({}), "input `words` of `search_notes` is missing"),
        ("forget", json!({}), "forget"),
    ] {
        let server = server("Do it", call(name, arguments), "I could not.");
        let ran = ask(&server, &["--yes", "--folder", folder.path().to_str().unwrap(), "Do it"], "");
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), "I could not.\n"), "{}", ran.stderr);
        let told = told(&server);
        assert!(told.contains(why), "{told}");
    }
}

#[test]
fn mistakes_are_said_with_the_way_out() {
    let help = run(&[], &["--help"], "");
    assert!(help.code == Some(0) && help.stdout.contains("FLOWC_MODEL_URL") && help.stderr.is_empty());
    let none = run(&[], &[], "");
    assert!(none.code == Some(2) && none.stderr.starts_with("error: the question is missing\n"), "{}", none.stderr);
    let unset = run(&[], &["What?"], "");
    assert!(unset.code == Some(1) && unset.stderr.contains("`FLOWC_MODEL` is not set"), "{}", unset.stderr);
    let model = ("FLOWC_MODEL", "openai/tiny");
    let gone = run(&[model, ("FLOWC_MODEL_URL", "http://127.0.0.1:1/v1")], &["What?"], "");
    assert!(gone.code == Some(1) && gone.stderr.contains("error: step `agent/reply[0]/said`"), "{}", gone.stderr);
    let folder = run(&[model, ("FLOWC_MODEL_URL", "http://127.0.0.1:1/v1")], &["--folder", "/nowhere", "What?"], "");
    assert!(folder.code == Some(1) && folder.stderr.contains("/nowhere"), "{}", folder.stderr);

    let server = Aimock::guarded(Path::new(env!("CARGO_TARGET_TMPDIR")), &json!([]), "the key");
    let url = format!("{}/v1", server.address);
    let key = run(&[model, ("FLOWC_MODEL_URL", &url), ("FLOWC_MODEL_KEY", "sk-wrong")], &["What?"], "");
    assert!(key.code == Some(1) && !key.stderr.contains("sk-wrong"), "{}", key.stderr);
}
