//! Engines for Python, each in a process of its own.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use flowc_test_peers::{install, tools};
use serde_json::Value;

/// The word that `python/chain.py` knows each by.
pub(super) const PEERS: [&str; 3] = ["langgraph", "pydantic-graph", "haystack"];

const PACKAGES: &[&str] = &["langgraph==1.2.24", "pydantic-graph==2.68.0", "haystack-ai==3.4.1"];

/// How long one may take beside what it measures.
const LIMIT: Duration = Duration::from_secs(120);

/// The name with the version, and nanoseconds of a run in the best batch.
pub(super) fn measure(peer: &str, long: Duration, scratch: &Path) -> Result<(String, f64), String> {
    let python = install::python(scratch, "python-graphs", PACKAGES).join("python3");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("python/chain.py");
    let mut command = Command::new(python);
    command.arg(script).arg(peer).arg(long.as_secs_f64().to_string());
    let outcome = tools::run(&mut command, scratch, LIMIT);
    let said: Option<Value> = outcome.ok.then(|| serde_json::from_str(outcome.stdout.trim()).ok()).flatten();
    let read = |said: Value| Some((format!("{peer} {}", said["version"].as_str()?), said["ns"].as_f64()?));
    said.and_then(read).ok_or_else(|| format!("{peer}: {}{}", outcome.stdout, outcome.stderr))
}
