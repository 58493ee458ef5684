//! Running other programs: shown before they run, and never without a limit where they could wait forever.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::Result;

/// What a program left behind.
pub(crate) struct Outcome {
    pub(crate) status: ExitStatus,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// The cargo that runs this program, without what `cargo run` has put into the environment about the package `xtask`:
/// build scripts watch some of those variables, and would run again for nothing.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    command
}

/// Shows a command and runs it with our own input and output.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    println!("$ {}", line(command));
    let status = command.status().map_err(|error| not_started(command, &error))?;
    if status.success() { Ok(()) } else { Err(format!("`{}` failed ({status})", line(command)).into()) }
}

/// Runs a command quietly and keeps what it printed. A status that is not zero is for the caller to judge.
pub(crate) fn capture(command: &mut Command) -> Result<Outcome> {
    let output = command.stdin(Stdio::null()).output().map_err(|error| not_started(command, &error))?;
    Ok(Outcome {
        status: output.status,
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    })
}

/// Like [`capture`], but a status that is not zero is an error that quotes what the program said.
pub(crate) fn read(command: &mut Command) -> Result<String> {
    let outcome = capture(command)?;
    if outcome.status.success() {
        return Ok(outcome.stdout);
    }
    Err(format!("`{}` failed ({}): {}", line(command), outcome.status, outcome.stderr.trim()).into())
}

/// Shows a command, passes its output on line by line and keeps it as well. Ends the program after `limit`.
pub(crate) fn tee(command: &mut Command, limit: Duration) -> Result<Outcome> {
    println!("$ {}", line(command));
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| not_started(command, &error))?;
    let (out, err) = (child.stdout.take(), child.stderr.take());
    let out = thread::spawn(move || out.map(|pipe| copy(pipe, std::io::stdout())).unwrap_or_default());
    let err = thread::spawn(move || err.map(|pipe| copy(pipe, std::io::stderr())).unwrap_or_default());
    let status = wait(&mut child, limit)?;
    let Some(status) = status else {
        return Err(format!("`{}` was ended after {} s", line(command), limit.as_secs()).into());
    };
    let (Ok(stdout), Ok(stderr)) = (out.join(), err.join()) else {
        return Err(format!("the output of `{}` could not be read", line(command)).into());
    };
    Ok(Outcome { status, stdout, stderr })
}

/// Waits for the end of a program, at most `limit`; then it is killed and there is no status.
fn wait(child: &mut Child, limit: Duration) -> Result<Option<ExitStatus>> {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if start.elapsed() > limit {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(Duration::from_millis(20));
    }
}

/// Copies a pipe to `sink` and returns all that went through. A sink that is closed does not stop the reading, since a
/// program with nobody at the other end of its pipe would wait forever.
fn copy(pipe: impl Read, mut sink: impl Write) -> String {
    let mut pipe = BufReader::new(pipe);
    let mut kept = String::new();
    let mut bytes = Vec::new();
    while pipe.read_until(b'\n', &mut bytes).is_ok_and(|count| count > 0) {
        let _ = sink.write_all(&bytes).and_then(|()| sink.flush());
        kept.push_str(&String::from_utf8_lossy(&bytes));
        bytes.clear();
    }
    kept
}

/// A command as a person would type it. Cargo's full path is shortened, and variables that it sets are shown.
pub(crate) fn line(command: &Command) -> String {
    let mut words = Vec::new();
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            words.push(format!("{}={}", name.to_string_lossy(), quoted(&value.to_string_lossy())));
        }
    }
    let program = command.get_program().to_string_lossy();
    words.push(program.rsplit('/').next().unwrap_or(&program).to_string());
    words.extend(command.get_args().map(|argument| quoted(&argument.to_string_lossy())));
    words.join(" ")
}

fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,+@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) { word.to_string() } else { format!("'{word}'") }
}

fn not_started(command: &Command, error: &std::io::Error) -> String {
    format!("`{}` could not be started: {error}", line(command))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_shown_as_a_person_would_type_it() {
        let mut command = Command::new("/opt/bin/cargo");
        command.args(["run", "How do I?"]).env("RUSTDOCFLAGS", "-D warnings");
        assert_eq!(line(&command), "RUSTDOCFLAGS='-D warnings' cargo run 'How do I?'");
    }

    #[test]
    fn tee_keeps_both_streams_and_the_status() {
        let outcome =
            tee(Command::new("sh").args(["-c", "echo out; echo err >&2; exit 3"]), Duration::from_secs(20)).unwrap();
        assert_eq!((outcome.stdout.as_str(), outcome.stderr.as_str()), ("out\n", "err\n"));
        assert_eq!(outcome.status.code(), Some(3));
    }

    #[test]
    fn a_program_that_hangs_is_ended() {
        let error = tee(Command::new("sleep").arg("30"), Duration::from_millis(50)).err().unwrap();
        assert!(error.to_string().contains("was ended after"), "{error}");
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let error = capture(&mut Command::new("no-such-program-here")).err().unwrap();
        assert!(error.to_string().contains("`no-such-program-here` could not be started"), "{error}");
    }

    #[test]
    fn a_failing_program_is_quoted() {
        let error = read(Command::new("sh").args(["-c", "echo why >&2; exit 1"])).err().unwrap();
        assert!(error.to_string().ends_with("why"), "{error}");
    }
}
