//! `kill -9` of a process whose run waits: the signal and the time count as if nothing had happened.

use std::io::{BufRead, BufReader};
use std::process::{ChildStdout, Stdio};
use std::time::Duration;

use crate::base::{Base, Killed, Kind, Outcome, both};

const PROGRAM: &str = env!("CARGO_BIN_EXE_flowc-waits");

/// Runs to the end, and gives what it said.
pub fn run(base: &Base, args: &[&str]) -> Outcome<String> {
    let output = base.command(PROGRAM, args).stderr(Stdio::piped()).output()?;
    let errors = String::from_utf8_lossy(&output.stderr);
    if output.status.success() { Ok(String::from_utf8(output.stdout)?) } else { Err(errors.into()) }
}

/// What a process says, line by line.
pub struct Said(BufReader<ChildStdout>);

impl Said {
    pub fn line(&mut self) -> Outcome<String> {
        let mut line = String::new();
        self.0.read_line(&mut line)?;
        Ok(line.trim().to_owned())
    }
}

/// Runs until it has said a line, and lives on.
pub fn begin(base: &Base, args: &[&str]) -> Outcome<(Killed, String, Said)> {
    let mut child = Killed(base.command(PROGRAM, args).stdout(Stdio::piped()).spawn()?);
    let mut said = Said(BufReader::new(child.0.stdout.take().ok_or("its output")?));
    let line = said.line()?;
    Ok((child, line, said))
}

fn a_run_is_signalled_while_nothing_runs_and_again_does_not_count(kind: Kind) -> Outcome<()> {
    let base = Base::new(kind, "signal")?;
    let (child, id, _) = begin(&base, &["start", "5", "0"])?;
    drop(child);
    // Killed once more while it waits, after a resume.
    let (child, runs, _) = begin(&base, &["wait"])?;
    assert_eq!(runs, "1");
    drop(child);
    assert_eq!(base.lines_of_calls().len(), 1, "the step before the one that waits is not run again");
    assert_eq!(run(&base, &["signal", &id, "Ada"])?, "Delivered\n");
    assert_eq!(run(&base, &["signal", &id, "Eve"])?, "Duplicate\n");
    let said = run(&base, &["finish"])?;
    assert!(said.starts_with(&format!("{id} Ada ")), "{said}");
    assert_eq!(base.lines_of_calls().len(), 2);
    let error = run(&base, &["signal", &"0".repeat(32), "Ada"]).unwrap_err().to_string();
    assert!(error.contains("ParseRunIdError"), "{error}");
    let other = "01900000-0000-7000-8000-000000000000";
    let error = run(&base, &["signal", other, "Ada"]).unwrap_err().to_string();
    assert!(error.contains("Unknown"), "{error}");
    Ok(())
}

both!(a_run_is_signalled_while_nothing_runs_and_again_does_not_count);

#[test]
fn a_time_that_passes_while_the_process_is_dead_has_passed() -> Outcome<()> {
    let base = Base::new(Kind::Sqlite, "sleep")?;
    let (child, id, _) = begin(&base, &["start", "5", "4000"])?;
    drop(child);
    run(&base, &["signal", &id, "Ada"])?;
    let copy = Base::new(Kind::Sqlite, "sleep-copy")?;
    for file in std::fs::read_dir(&base.folder)? {
        let file = file?;
        std::fs::copy(file.path(), copy.folder.join(file.file_name()))?;
    }
    // Dead for a part of the time: it sleeps for the rest.
    std::thread::sleep(Duration::from_secs(2));
    let took = |said: String| said.trim().rsplit(' ').next().and_then(|took| took.parse::<u64>().ok());
    let rest = took(run(&base, &["finish"])?).ok_or("a time")?;
    assert!((100..=2100).contains(&rest), "{rest} ms");
    // By now all of it has passed.
    let rest = took(run(&copy, &["finish"])?).ok_or("a time")?;
    assert!(rest < 1500, "{rest} ms");
    Ok(())
}
