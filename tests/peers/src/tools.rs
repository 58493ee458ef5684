//! Running outside programs, in bounded time, and installing the ones that are missing.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// What a program wrote, and whether it ended well.
pub struct Outcome {
    pub ok: bool,
    pub stdout: String,
    pub stderr: String,
}

/// Runs a program to its end; stops it after `limit`.
///
/// # Panics
/// If it cannot be started or takes too long.
pub fn run(command: &mut Command, scratch: &Path, limit: Duration) -> Outcome {
    let name = format!("{command:?}");
    let unique = format!("{:?}-{}", std::thread::current().id(), std::process::id());
    let (out, err) = (scratch.join(format!("out-{unique}")), scratch.join(format!("err-{unique}")));
    // Files and no pipes: nothing has to be read while the program runs.
    command.stdin(Stdio::null());
    command.stdout(File::create(&out).expect("a file for the output"));
    command.stderr(File::create(&err).expect("a file for the errors"));
    let mut child = command.spawn().unwrap_or_else(|error| panic!("cannot start {name}: {error}"));
    let started = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().expect("the state of a child process") {
            break status;
        }
        if started.elapsed() > limit {
            let _ = child.kill();
            let _ = child.wait();
            panic!("{name} did not end within {limit:?}");
        }
        sleep(Duration::from_millis(20));
    };
    let read = |path: &Path| String::from_utf8_lossy(&fs::read(path).unwrap_or_default()).into_owned();
    let outcome = Outcome { ok: status.success(), stdout: read(&out), stderr: read(&err) };
    let _ = fs::remove_file(out);
    let _ = fs::remove_file(err);
    outcome
}

/// One installation at a time: package managers lock.
static INSTALLING: Mutex<()> = Mutex::new(());

/// Makes sure that a Debian package has been installed, told by what it brings.
///
/// # Panics
/// If it is missing and cannot be installed.
pub fn debian(package: &str, there: impl Fn() -> bool, scratch: &Path) {
    let _one = INSTALLING.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if there() {
        return;
    }
    let apt = |args: &[&str]| {
        let found = Command::new("apt-get").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        if found.is_err() {
            return "there is no apt-get here".to_owned();
        }
        let mut command = Command::new("apt-get");
        command.args(args).env("DEBIAN_FRONTEND", "noninteractive");
        run(&mut command, scratch, Duration::from_secs(300)).stderr
    };
    let mut said = apt(&["install", "-y", "--no-install-recommends", package]);
    if !there() {
        apt(&["update"]);
        said = apt(&["install", "-y", "--no-install-recommends", package]);
    }
    assert!(there(), "this test needs the Debian package `{package}`; install it by hand, apt-get said: {said}");
}

/// The folder with the pinned Mermaid; installs it when it is not there.
///
/// # Panics
/// If Node.js is missing or npm fails.
pub fn mermaid(scratch: &Path) -> PathBuf {
    let _one = INSTALLING.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let home = scratch.join("mermaid");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("mermaid");
    let lock = fs::read(source.join("package-lock.json")).expect("the lock file of the Mermaid check");
    fs::create_dir_all(&home).expect("a folder for Mermaid");
    fs::copy(source.join("read.mjs"), home.join("read.mjs")).expect("a copy of the reader");
    // Written last, so that a broken installation is not taken for a whole one.
    let stamp = home.join("installed-lock.json");
    if fs::read(&stamp).is_ok_and(|stamp| stamp == lock) {
        return home;
    }
    for file in ["package.json", "package-lock.json"] {
        fs::copy(source.join(file), home.join(file)).expect("a copy of the package");
    }
    let has = |program: &str| {
        Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
    };
    assert!(has("node") && has("npm"), "this test needs Node.js 20 or newer with npm; install them by hand");
    let mut npm = Command::new("npm");
    npm.args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"]).current_dir(&home);
    let outcome = run(&mut npm, scratch, Duration::from_secs(300));
    assert!(outcome.ok, "npm could not install Mermaid: {}", outcome.stderr);
    fs::write(stamp, lock).expect("the mark of a whole installation");
    home
}
