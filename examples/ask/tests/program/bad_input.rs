//! The program run for real on what cannot work: the error, its way out, the exit code, and nothing on stdout.

use crate::support;

use support::{ask, assert_refused, folder, guide, run};

#[test]
fn an_empty_question() {
    for question in ["", "  ", "?!"] {
        assert_refused(&run(ask().arg(question)), 2, &["the question is empty"]);
    }
    assert_refused(&run(&mut ask()), 2, &["the question is empty", "for example"]);
}

#[test]
fn an_endless_question() {
    assert_refused(&run(ask().arg("word ".repeat(1_000))), 2, &["has 5000 characters"]);
}

#[test]
fn an_unknown_option() {
    assert_refused(&run(ask().args(["--foldr", "x"])), 2, &["--foldr", "ask --help"]);
    assert_refused(&run(ask().args(["--graph", "png"])), 2, &["png", "`svg`"]);
}

#[test]
fn a_folder_that_does_not_exist() {
    let root = folder(&[]);
    let ran = run(ask().arg("--folder").arg(root.path().join("nowhere")).arg("map"));
    assert_refused(&ran, 1, &["there is no folder", "nowhere", "--folder PATH"]);
    assert!(ran.stderr.contains("failed  documents"), "{}", ran.stderr);
    assert!(ran.stderr.ends_with("\n  in step `ask/documents`\n"), "{}", ran.stderr);
}

#[test]
fn a_file_instead_of_a_folder() {
    let ran = run(ask().arg("--folder").arg(guide().join("maps.md")).arg("map"));
    assert_refused(&ran, 1, &["maps.md` is not a folder"]);
}

#[test]
fn an_empty_folder() {
    for root in [folder(&[]), folder(&[("notes.txt", b"a map")]), folder(&[("a.md", b"\n")])] {
        assert_refused(&run(ask().arg("-f").arg(root.path()).arg("map")), 1, &["no text in", "`.md`"]);
    }
}

#[test]
fn a_file_that_is_not_utf8() {
    let root = folder(&[("good.md", b"A map."), ("latin.md", b"one\ncaf\xe9")]);
    assert_refused(&run(ask().arg("-f").arg(root.path()).arg("map")), 1, &["latin.md` is not UTF-8: line 2"]);
}

#[test]
fn a_setup_that_is_half_made() {
    let settings: [(&[(&str, &str)], &str); 5] = [
        (&[("ASK_MODEL", "tiny")], "`ASK_MODEL_URL` is not set"),
        (&[("ASK_MODEL_URL", "http://127.0.0.1:1/v1")], "`ASK_MODEL` is not set"),
        (&[("ASK_MODEL_URL", "localhost"), ("ASK_MODEL", "tiny")], "`http://`"),
        (
            &[("ASK_MODEL_URL", "http://h/v1"), ("ASK_MODEL", "tiny"), ("ASK_TIMEOUT", "soon")],
            "`ASK_TIMEOUT` is `soon`",
        ),
        (&[("ASK_MODEL_URL", "http://h/v1"), ("ASK_MODEL", "tiny"), ("ASK_API_KEY", "a secret")], "`ASK_API_KEY`"),
    ];
    for (settings, words) in settings {
        let ran = run(ask().envs(settings.iter().copied()).arg("-f").arg(guide()).arg("map"));
        assert_refused(&ran, 2, &[words]);
        assert!(!ran.stderr.contains("secret"), "{}", ran.stderr);
    }
}

#[cfg(unix)]
mod unreadable {
    use std::{
        fs::{self, Permissions},
        os::unix::{fs::PermissionsExt, process::CommandExt},
        path::Path,
        process::Command,
    };

    use crate::support::{self, assert_refused, folder, run};

    const NOBODY: u32 = 65_534;

    /// Runs the program as someone whom permissions stop: the administrator reads everything.
    fn ask_as_nobody(locked: &Path, home: &Path) -> Command {
        if fs::read_dir(locked).is_err() && fs::read(locked).is_err() {
            return support::ask();
        }
        // The build folder may be closed to others, so the program is taken to where anyone can run it.
        let program = home.join("ask");
        // Copied by another process: were it open for writing here, a test that starts a program at this moment would
        // inherit it, and it could not be run ("text file busy").
        assert!(Command::new("cp").arg(support::PROGRAM).arg(&program).status().unwrap().success());
        let mut command = support::without_settings(Command::new(program));
        command.uid(NOBODY).gid(NOBODY).current_dir(home);
        command
    }

    fn refused(locked: &Path, root: &Path, asked: &Path, name: &str) {
        fs::set_permissions(root, Permissions::from_mode(0o755)).unwrap();
        fs::set_permissions(locked, Permissions::from_mode(0o000)).unwrap();
        let ran = run(ask_as_nobody(locked, root).arg("--folder").arg(asked).arg("map"));
        // The folder is unlocked first, or it could not be removed.
        fs::set_permissions(locked, Permissions::from_mode(0o755)).unwrap();
        assert_refused(&ran, 1, &["cannot read", name, "Permission denied", "check its permissions"]);
    }

    #[test]
    fn a_folder_that_may_not_be_read() {
        let root = folder(&[]);
        let locked = root.path().join("locked");
        fs::create_dir(&locked).unwrap();
        refused(&locked, root.path(), &locked, "locked`");
    }

    #[test]
    fn a_folder_in_the_folder_that_may_not_be_read() {
        let root = folder(&[("a.md", b"A map.")]);
        let locked = root.path().join("inner");
        fs::create_dir(&locked).unwrap();
        refused(&locked, root.path(), root.path(), "inner`");
    }

    #[test]
    fn a_file_that_may_not_be_read() {
        let root = folder(&[("a.md", b"A map."), ("locked.md", b"A map.")]);
        refused(&root.path().join("locked.md"), root.path(), root.path(), "locked.md`");
    }
}
