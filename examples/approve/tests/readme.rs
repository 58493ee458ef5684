//! The session of the README, as a shell runs it.
//!
//! To write its answers anew: `APPROVE_README=write cargo test -p approve`

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used)]

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::Command;

const OPEN: &str = "```console\n";

#[test]
fn the_session_is_the_one_of_the_readme() {
    let folder = tempfile::tempdir().unwrap();
    let program = Path::new(env!("CARGO_BIN_EXE_approve"));
    let path = format!("{}:{}", program.parent().unwrap().display(), std::env::var("PATH").unwrap());
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let text = fs::read_to_string(&readme).unwrap();
    let (before, rest) = text.split_once(OPEN).expect("the README shows a session");
    let (session, after) = rest.split_once("```\n").expect("the session ends");

    let mut played = String::new();
    for command in session.lines().filter_map(|line| line.strip_prefix("$ ")) {
        let mut shell = Command::new("sh");
        shell.args(["-c", command]).current_dir(folder.path()).env("PATH", &path);
        let output = shell.output().unwrap();
        let (said, errors) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
        // Some shells say that a process was killed.
        let errors = errors.lines().filter(|line| line.starts_with("error: "));
        let errors: String = errors.fold(String::new(), |all, line| all + line + "\n");
        write!(played, "$ {command}\n{said}{errors}").unwrap();
    }
    let wanted = format!("{before}{OPEN}{played}```\n{after}");
    if std::env::var_os("APPROVE_README").is_some_and(|value| value == "write") {
        fs::write(&readme, &wanted).unwrap();
    } else {
        assert!(text == wanted, "the session has changed; write it anew as the head of this file says:\n{played}");
    }
    let book = fs::read_to_string(folder.path().join("bank.txt")).unwrap();
    assert_eq!(book.lines().count(), 1, "paid once: {book}");
    assert!(played.contains("trip: paid 120, Ada has agreed"), "{played}");
}

#[test]
fn bad_input_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let errors = |words: &[&str]| {
        let output =
            Command::new(env!("CARGO_BIN_EXE_approve")).args(words).current_dir(folder.path()).output().unwrap();
        assert!(!output.status.success());
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(errors(&["start", "trip", "much", "sea"]).contains("`much` is no amount"));
    assert!(errors(&["pay"]).contains("usage:"));
    assert!(errors(&["approve", "trip", "Ada"]).contains("no expense is called `trip`"));
}
