//! A Python that has what the server imports.

use std::env;
use std::ffi::OsString;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Output;

use tokio::process::Command;

/// The variable that names another Python.
const VARIABLE: &str = "FLOWC_PYTHON";

/// What the server imports, and from what version of Python on.
const PROBE: &str = "import sys, fastmcp; sys.exit(sys.version_info < (3, 10))";

/// Why there is no Python for the server.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoPython {
    #[error(
        "this example needs Python 3.10 or newer, and there is no `python3` and no `python`\n\
         help: install Python, or let {VARIABLE} name one that has the package `fastmcp`"
    )]
    Missing,
    #[error("{VARIABLE} names `{0}`, which cannot import `fastmcp`: {1}\nhelp: `{0} -m pip install fastmcp`")]
    Given(String, String),
    #[error("`{command}` failed: {said}\nhelp: let {VARIABLE} name a Python that has the package `fastmcp`")]
    Setup { command: String, said: String },
}

/// The Python that the variable names, or one of our own in `.venv`, which is made at the first start.
pub(crate) async fn find(folder: &Path) -> Result<PathBuf, NoPython> {
    if let Some(given) = env::var_os(VARIABLE) {
        let given = PathBuf::from(given);
        let name = given.display().to_string();
        return match output(&given, ["-c", PROBE]).await {
            Ok(output) if output.status.success() => Ok(given),
            Ok(output) => Err(NoPython::Given(name, last_line(&output))),
            Err(error) => Err(NoPython::Given(name, error.to_string())),
        };
    }
    let venv = folder.join(".venv");
    let python = venv.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    if output(&python, ["-c", PROBE]).await.is_ok_and(|output| output.status.success()) {
        return Ok(python);
    }
    make(&venv, &python, &folder.join("server/requirements.txt")).await?;
    Ok(python)
}

async fn make(venv: &Path, python: &Path, requirements: &Path) -> Result<(), NoPython> {
    let _ = writeln!(io::stderr(), "making {} (once, takes a minute)", venv.display());
    let mut base = None;
    for name in ["python3", "python"] {
        if output(Path::new(name), ["--version"]).await.is_ok_and(|output| output.status.success()) {
            base.get_or_insert(PathBuf::from(name));
        }
    }
    let base = base.ok_or(NoPython::Missing)?;
    done(&base, &["-m".into(), "venv".into(), "--clear".into(), venv.into()]).await?;
    let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"].map(OsString::from);
    done(python, &[&install[..], &[requirements.into()]].concat()).await
}

/// Runs a command to its end.
async fn done(program: &Path, arguments: &[OsString]) -> Result<(), NoPython> {
    let words = arguments.iter().map(|word| word.to_string_lossy());
    let command = std::iter::once(program.to_string_lossy()).chain(words).collect::<Vec<_>>().join(" ");
    match output(program, arguments).await {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => Err(NoPython::Setup { command, said: last_line(&output) }),
        Err(error) => Err(NoPython::Setup { command, said: error.to_string() }),
    }
}

async fn output<W: AsRef<std::ffi::OsStr>>(
    program: &Path,
    arguments: impl IntoIterator<Item = W>,
) -> io::Result<Output> {
    Command::new(program).args(arguments).stdin(std::process::Stdio::null()).output().await
}

fn last_line(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr);
    let last = said.lines().rev().find(|line| !line.trim().is_empty());
    last.map_or_else(|| output.status.to_string(), str::to_owned)
}
