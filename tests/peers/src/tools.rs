//! Running outside programs, in bounded time, and installing the ones that are missing.

use std::fs::{self, File};
use std::path::Path;
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
