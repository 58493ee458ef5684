//! This same program in the place of rustc: cargo calls it for the measured crate, it runs the real one and writes down
//! what that took. So cargo's own time is not in the figures.

use std::error::Error;
use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use wait4::Wait4;

/// Names the file to write to. Being set makes this program stand in for rustc.
pub(crate) const INTO: &str = "FLOWC_BENCH_RUSTC_INTO";

/// How long one compilation may take before it is ended and counts as not finished.
const LIMIT: Duration = Duration::from_secs(100);

const NOT_FINISHED: &str = "not finished";

/// What one run of rustc took.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cost {
    pub(crate) cpu: Duration,
    /// The most memory it held at once, in bytes.
    pub(crate) peak: u64,
}

/// Runs the compiler that cargo named, with the arguments that cargo gave.
pub(crate) fn stand_in(into: &Path, mut arguments: impl Iterator<Item = OsString>) -> Result<ExitCode, Box<dyn Error>> {
    let rustc = arguments.next().ok_or("cargo named no compiler")?;
    let arguments: Vec<_> = arguments.collect();
    // Cargo also asks the compiler about itself; that is no crate.
    let compiles = arguments.iter().any(|argument| argument == "--crate-name")
        && !arguments.iter().any(|argument| argument == "___");
    let start = Instant::now();
    let mut child = Command::new(rustc).args(&arguments).spawn()?;
    let id = child.id().to_string();
    // Ends with this process, at the latest.
    std::thread::spawn(move || {
        std::thread::sleep(LIMIT);
        Command::new("kill").arg(id).status()
    });
    let used = child.wait4()?;
    if compiles && used.status.success() {
        let cpu = used.rusage.utime + used.rusage.stime;
        std::fs::write(into, format!("{} {}", cpu.as_micros(), used.rusage.maxrss))?;
    }
    if start.elapsed() >= LIMIT {
        std::fs::write(into, NOT_FINISHED)?;
    }
    let code = used.status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1);
    Ok(ExitCode::from(code))
}

/// What the stand-in wrote down; none if the compiler did not finish in time.
pub(crate) fn read(into: &Path) -> Result<Option<Cost>, Box<dyn Error>> {
    let text = std::fs::read_to_string(into)?;
    if text == NOT_FINISHED {
        return Ok(None);
    }
    let (cpu, peak) = text.split_once(' ').ok_or("the compiler's figures are not there")?;
    Ok(Some(Cost { cpu: Duration::from_micros(cpu.parse()?), peak: peak.parse()? }))
}
