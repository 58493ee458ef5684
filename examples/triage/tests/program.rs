//! The program run for real: the model is a server that follows a script, the letters are files.

#![allow(clippy::pedantic, clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use flowc_test_peers::aimock::Aimock;
use serde_json::{Value, json};

const BILL: &str = "You charged me twice in May. Please send 20 back.";

struct Ran {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

fn run(folder: &Path, url: &str, words: &[&str], input: &str) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_triage"));
    command.env_remove("FLOWC_MODEL_KEY").env("FLOWC_MODEL_URL", url).env("FLOWC_MODEL", "openai/tiny");
    command.current_dir(folder).args(words);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Ran { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

fn server(label: &str, draft: Value) -> Aimock {
    let label = json!({ "content": json!({ "label": label }).to_string() });
    let script = json!([
        { "match": { "userMessage": "", "responseFormat": "json_schema" }, "response": label },
        { "match": { "userMessage": "" }, "response": draft },
    ]);
    Aimock::start(Path::new(env!("CARGO_TARGET_TMPDIR")), &script)
}

fn letter(text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("bill.txt"), text).unwrap();
    folder
}

fn url(server: &Aimock) -> String {
    format!("{}/v1", server.address)
}

#[test]
fn a_draft_is_sent_as_the_person_says() {
    for (input, tray, text) in [
        ("y\n", "sent", "We look into it."),
        ("We send 20 back.\n", "sent", "We send 20 back."),
        ("n\n", "a-person", BILL),
        ("", "a-person", BILL),
    ] {
        let (folder, server) = (letter(BILL), server("Billing", json!({ "content": "We look into it." })));
        let ran = run(folder.path(), &url(&server), &["bill.txt"], input);
        assert_eq!((ran.code, ran.stdout), (Some(0), format!("bill.txt -> {tray}/bill.txt\n")), "{}", ran.stderr);
        assert!(ran.stderr.contains("bill.txt, Billing: We look into it.\nsend it?"), "{}", ran.stderr);
        let filed = fs::read_to_string(folder.path().join("trays").join(tray).join("bill.txt")).unwrap();
        assert_eq!(filed, format!("{text}\n"));
        let asked = server.journal().last().unwrap().to_string();
        assert!(asked.contains("Be exact about amounts and dates.") && asked.contains("charged me twice"), "{asked}");
    }
}

#[test]
fn what_no_machine_answers_is_filed() {
    for (label, tray) in [("Urgent", "a-person"), ("Junk", "junk")] {
        let (folder, server) = (letter(BILL), server(label, json!({ "content": "never" })));
        let ran = run(folder.path(), &url(&server), &["--trays", "out", "bill.txt"], "");
        assert_eq!((ran.code, ran.stdout), (Some(0), format!("bill.txt -> {tray}/bill.txt\n")), "{}", ran.stderr);
        assert!(folder.path().join("out").join(tray).join("bill.txt").exists());
        assert_eq!(server.journal().len(), 1);
    }
}

#[test]
fn nothing_is_lost_where_something_fails() {
    let broken = json!({ "error": { "message": "out of memory", "type": "server_error" }, "status": 500 });
    let (folder, server) = (letter(BILL), server("Billing", broken));
    let ran = run(folder.path(), &url(&server), &["bill.txt"], "y\n");
    assert!(ran.code == Some(1) && ran.stderr.contains("draft`"), "{}", ran.stderr);
    assert!(folder.path().join("bill.txt").exists() && !folder.path().join("trays").exists());

    // An answer that is there is not written over.
    let (folder, server) = (letter(BILL), self::server("Junk", json!({ "content": "" })));
    fs::create_dir_all(folder.path().join("trays/junk")).unwrap();
    fs::write(folder.path().join("trays/junk/bill.txt"), "older").unwrap();
    let ran = run(folder.path(), &url(&server), &["bill.txt"], "");
    assert!(ran.code == Some(1) && ran.stderr.contains("exists"), "{}", ran.stderr);
    assert_eq!(fs::read_to_string(folder.path().join("trays/junk/bill.txt")).unwrap(), "older");

    let ran = run(folder.path(), "http://127.0.0.1:1/v1", &["none.txt"], "");
    assert!(ran.code == Some(1) && ran.stderr.contains("`none.txt` cannot be read"), "{}", ran.stderr);
    let ran = run(folder.path(), "http://127.0.0.1:1/v1", &["bill.txt"], "");
    assert!(ran.code == Some(1) && ran.stderr.contains("error: step `triage/kind`"), "{}", ran.stderr);
}

#[test]
fn help_and_the_drawing_need_no_model() {
    let folder = letter(BILL);
    let help = run(folder.path(), "", &["--help"], "");
    assert!(help.code == Some(0) && help.stdout.contains("y sends it"), "{}", help.stdout);
    let graph = run(folder.path(), "", &["--graph"], "");
    assert!(graph.code == Some(0) && graph.stdout.starts_with("flowchart TB") && graph.stdout.contains("Urgent"));
    assert_eq!(run(folder.path(), "", &[], "").code, Some(2));
    assert_eq!(run(folder.path(), "", &["--trys", "x"], "").code, Some(2));
}
