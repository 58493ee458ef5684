//! What the tests share: the program run for real, and folders to run it on.

// Each test file uses the part that it needs.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used)]

pub(crate) mod server;

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_ask");

/// The small guide that the tests ask about.
pub(crate) fn guide() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/guide")
}

/// The repository's root: where a newcomer stands.
pub(crate) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A folder with these files.
pub(crate) fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        std::fs::write(root.path().join(name), bytes).unwrap();
    }
    root
}

/// A command without the settings of whoever runs the tests.
pub(crate) fn ask() -> Command {
    without_settings(Command::new(PROGRAM))
}

pub(crate) fn without_settings(mut command: Command) -> Command {
    for setting in ["ASK_MODEL_URL", "ASK_MODEL", "ASK_EMBEDDING_MODEL", "ASK_API_KEY", "ASK_TIMEOUT", "NO_COLOR"] {
        command.env_remove(setting);
    }
    command
}

/// What a run gave.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

pub(crate) fn run(command: &mut Command) -> Ran {
    let Output { status, stdout, stderr } = command.output().unwrap();
    Ran {
        code: status.code().expect("ended by a signal"),
        stdout: String::from_utf8(stdout).unwrap(),
        stderr: String::from_utf8(stderr).unwrap(),
    }
}

/// The run ended with this code, said nothing on stdout, and these words in its error line.
pub(crate) fn assert_refused(ran: &Ran, code: i32, words: &[&str]) {
    assert_eq!(ran.code, code, "stdout: {}\nstderr: {}", ran.stdout, ran.stderr);
    assert_eq!(ran.stdout, "", "something half-written");
    let error = ran.stderr.lines().find(|line| line.starts_with("error: ")).expect("an error line");
    for word in words {
        assert!(error.contains(word), "no `{word}` in: {error}");
    }
    assert!(error.contains(';'), "it does not say what to do: {error}");
}
