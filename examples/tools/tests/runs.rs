//! The program with its real Python server.
//!
//! To quote its answer anew in the README: `TOOLS_README=write cargo test -p tools --test runs`

#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const COMMAND: &str = "$ cargo run -p tools -- 2026-03\n";

fn tools() -> Command {
    Command::new(env!("CARGO_BIN_EXE_tools"))
}

fn text(output: &Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace("\r\n", "\n");
    (text(&output.stdout), text(&output.stderr))
}

#[test]
fn the_answer_is_the_one_of_the_readme() {
    let output = tools().arg("2026-03").output().unwrap();
    let (said, errors) = text(&output);
    assert!(output.status.success(), "{errors}");
    assert!(said.contains("trains") && said.contains("all "), "{said}");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = fs::read_to_string(&path).unwrap().replace("\r\n", "\n");
    let (before, rest) = readme.split_once(COMMAND).expect("the README shows the command");
    let (_, after) = rest.split_once("```\n").expect("the quote ends");
    let wanted = format!("{before}{COMMAND}{said}```\n{after}");
    if std::env::var_os("TOOLS_README").is_some_and(|value| value == "write") {
        fs::write(&path, &wanted).unwrap();
    } else {
        assert!(readme == wanted, "the answer has changed; quote it anew as the head of this file says:\n{said}");
    }

    // What Python raises ends the run, with its words.
    let output = tools().arg("1999-01").output().unwrap();
    let (_, errors) = text(&output);
    assert!(!output.status.success());
    assert!(errors.contains("nothing was bought of") && errors.contains("in 1999-01"), "{errors}");
}

#[test]
fn without_python_it_says_what_to_do() {
    let given = tools().arg("2026-03").env("FLOWC_PYTHON", "no-such-python").output().unwrap();
    let (_, errors) = text(&given);
    assert!(errors.contains("FLOWC_PYTHON names `no-such-python`"), "{errors}");
    let usage = tools().output().unwrap();
    assert!(text(&usage).1.starts_with("error: usage: cargo run -p tools -- <month>"), "{usage:?}");
}
