//! Puts packages of npm and of the Python index below the target folder, where they are missing.
//!
//! Every environment is made once and kept. One process installs at a time: a lock on a file, as each test is a process of its own.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::tools;

/// How long one installation may take.
const LIMIT: Duration = Duration::from_secs(300);

/// A folder for all tests of the workspace: that of one package is below it.
fn home(scratch: &Path) -> PathBuf {
    let home = scratch.join("peers");
    fs::create_dir_all(&home).expect("a folder for the peers");
    home
}

/// Makes something once; `make` is given a folder that does not exist yet.
///
/// # Panics
/// If the folders around it cannot be made.
pub fn once(scratch: &Path, name: &str, what: &[&str], make: impl FnOnce(&Path)) -> PathBuf {
    let home = home(scratch);
    let (folder, stamp) = (home.join(name), home.join(format!("{name}.installed")));
    let wanted = what.join("\n");
    let is_there = || fs::read_to_string(&stamp).is_ok_and(|found| found == wanted);
    if is_there() {
        return folder;
    }
    let lock = File::create(home.join("lock")).expect("a file to lock");
    rustix::fs::flock(&lock, rustix::fs::FlockOperation::LockExclusive).expect("the lock of the installations");
    if !is_there() {
        let _ = fs::remove_file(&stamp);
        let _ = fs::remove_dir_all(&folder);
        make(&folder);
        // Written last, so that a broken installation is not taken for a whole one.
        fs::write(&stamp, &wanted).expect("the mark of a whole installation");
    }
    folder
}

fn done(command: &mut Command, scratch: &Path, what: &str) {
    let outcome = tools::run(command, scratch, LIMIT);
    assert!(outcome.ok, "{what}: {}{}", outcome.stdout, outcome.stderr);
}

/// The folder of programs of a Python environment with these packages.
///
/// # Panics
/// If Python is missing or pip fails.
pub fn python(scratch: &Path, name: &str, packages: &[&str]) -> PathBuf {
    let folder = once(scratch, name, packages, |folder| {
        venv(scratch, folder);
        pip(scratch, folder, packages);
    });
    folder.join("bin")
}

/// The folder with the files of one package of the Python index, without what it needs to run.
///
/// # Panics
/// If Python is missing or pip fails.
pub fn python_files(scratch: &Path, name: &str, package: &str) -> PathBuf {
    let folder = once(scratch, name, &[package], |folder| {
        venv(scratch, folder);
        let files = folder.join("files").into_os_string().into_string().expect("a folder whose name is text");
        pip(scratch, folder, &["--no-deps", "--no-compile", "--target", &files, package]);
    });
    folder.join("files")
}

fn venv(scratch: &Path, folder: &Path) {
    let hint = "this test needs Python 3.11 with `venv`; install it by hand";
    done(Command::new("python3").args(["-m", "venv"]).arg(folder), scratch, hint);
}

fn pip(scratch: &Path, folder: &Path, what: &[&str]) {
    let mut pip = Command::new(folder.join("bin/python3"));
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]).args(what);
    done(&mut pip, scratch, "pip could not install the packages");
}

/// The folder `node_modules` with these packages.
///
/// # Panics
/// If Node.js is missing or npm fails.
pub fn npm(scratch: &Path, name: &str, packages: &[&str]) -> PathBuf {
    let folder = once(scratch, name, packages, |folder| {
        fs::create_dir_all(folder).expect("a folder for the packages");
        fs::write(folder.join("package.json"), "{\"private\": true}").expect("a package");
        let mut npm = Command::new("npm");
        npm.args(["install", "--no-audit", "--no-fund", "--ignore-scripts", "--no-save"])
            .args(packages)
            .current_dir(folder);
        done(&mut npm, scratch, "npm could not install the packages; this test needs Node.js 20 with npm");
    });
    folder.join("node_modules")
}
