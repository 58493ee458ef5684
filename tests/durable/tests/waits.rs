//! `kill -9` of a process whose run waits: the signal and the time count as if nothing had happened.

use std::error::Error;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

type Outcome<T> = Result<T, Box<dyn Error>>;

struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

impl Folder {
    fn new(name: &str) -> Outcome<Self> {
        let folder = std::env::temp_dir().join(format!("flowc-waits-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        Ok(Self(folder))
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_flowc-waits"));
        command.arg(self.0.join("runs.db")).arg(self.0.join("calls")).args(args).stdout(Stdio::piped());
        command
    }

    /// Runs to the end, and gives what it said.
    fn run(&self, args: &[&str]) -> Outcome<String> {
        let output = self.command(args).stderr(Stdio::piped()).output()?;
        let errors = String::from_utf8_lossy(&output.stderr);
        if output.status.success() { Ok(String::from_utf8(output.stdout)?) } else { Err(errors.into()) }
    }

    /// Runs until it has said a line, and lives on.
    fn begin(&self, args: &[&str]) -> Outcome<(Killed, String)> {
        let mut child = Killed(self.command(args).spawn()?);
        let mut line = String::new();
        BufReader::new(child.0.stdout.take().ok_or("its output")?).read_line(&mut line)?;
        Ok((child, line.trim().to_owned()))
    }

    fn calls(&self) -> Outcome<usize> {
        Ok(std::fs::read_to_string(self.0.join("calls"))?.lines().count())
    }
}

/// A process that ends by `kill -9`.
struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_run_is_signalled_while_nothing_runs_and_again_does_not_count() -> Outcome<()> {
    let folder = Folder::new("signal")?;
    let (child, id) = folder.begin(&["start", "5", "0"])?;
    drop(child);
    // Killed once more while it waits, after a resume.
    let (child, runs) = folder.begin(&["wait"])?;
    assert_eq!(runs, "1");
    drop(child);
    assert_eq!(folder.calls()?, 1, "the step before the one that waits is not run again");
    assert_eq!(folder.run(&["signal", &id, "Ada"])?, "Delivered\n");
    assert_eq!(folder.run(&["signal", &id, "Eve"])?, "Duplicate\n");
    let said = folder.run(&["finish"])?;
    assert!(said.starts_with(&format!("{id} Ada ")), "{said}");
    assert_eq!(folder.calls()?, 2);
    let error = folder.run(&["signal", &"0".repeat(32), "Ada"]).unwrap_err().to_string();
    assert!(error.contains("ParseRunIdError"), "{error}");
    let other = "01900000-0000-7000-8000-000000000000";
    let error = folder.run(&["signal", other, "Ada"]).unwrap_err().to_string();
    assert!(error.contains("Unknown"), "{error}");
    Ok(())
}

#[test]
fn a_time_that_passes_while_the_process_is_dead_has_passed() -> Outcome<()> {
    let folder = Folder::new("sleep")?;
    let (child, id) = folder.begin(&["start", "5", "4000"])?;
    drop(child);
    folder.run(&["signal", &id, "Ada"])?;
    let copy = Folder::new("sleep-copy")?;
    for file in std::fs::read_dir(&folder.0)? {
        let file = file?;
        std::fs::copy(file.path(), copy.0.join(file.file_name()))?;
    }
    // Dead for a part of the time: it sleeps for the rest.
    std::thread::sleep(Duration::from_secs(2));
    let took = |said: String| said.trim().rsplit(' ').next().and_then(|took| took.parse::<u64>().ok());
    let rest = took(folder.run(&["finish"])?).ok_or("a time")?;
    assert!((100..=2100).contains(&rest), "{rest} ms");
    // By now all of it has passed.
    let rest = took(copy.run(&["finish"])?).ok_or("a time")?;
    assert!(rest < 1500, "{rest} ms");
    Ok(())
}
