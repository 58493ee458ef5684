//! The real receiver: rotel, an OpenTelemetry collector, which writes down every span that it gets.
//!
//! It comes in a Python package. A test installs it where it is missing, and fails, with what to do, where that cannot be done.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use flowc_test_peers::tools;

use crate::tree::Seen;

/// Only versions like this one exist.
const VERSION: &str = "0.0.1a15";

/// How long anything here may take, except for the installation.
const LIMIT: Duration = Duration::from_secs(30);

/// A receiver at work. It is stopped when it is dropped.
pub struct Receiver {
    child: Child,
    port: u16,
    log: PathBuf,
}

impl Receiver {
    /// Starts one on free ports of this machine.
    ///
    /// # Panics
    /// If it cannot be installed or does not start.
    pub fn start(scratch: &Path) -> Self {
        let agent = install(scratch);
        let (grpc, port) = (free_port(), free_port());
        let unique = format!("{}-{port}", std::process::id());
        let log = scratch.join(format!("rotel-{unique}.log"));
        let child = Command::new(agent)
            .args(["start", "--exporter", "blackhole", "--debug-log", "traces", "--debug-log-verbosity", "detailed"])
            .args(["--otlp-grpc-endpoint", &format!("127.0.0.1:{grpc}")])
            .args(["--otlp-http-endpoint", &format!("127.0.0.1:{port}")])
            .arg("--pid-file")
            .arg(scratch.join(format!("rotel-{unique}.pid")))
            .arg("--log-file")
            .arg(scratch.join(format!("rotel-{unique}.own.log")))
            .stdin(Stdio::null())
            .stdout(File::create(&log).expect("a file for what rotel says"))
            .stderr(Stdio::null())
            .spawn()
            .expect("rotel");
        let receiver = Self { child, port, log };
        let started = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(started.elapsed() < LIMIT, "rotel does not listen; it said: {}", receiver.said());
            sleep(Duration::from_millis(20));
        }
        receiver
    }

    /// Where it listens.
    pub fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// All spans, as soon as those of the names in `last` are among them. What is inside of a span arrives before it.
    ///
    /// # Panics
    /// If they do not come.
    pub fn spans(&self, last: &[&str]) -> Vec<Seen> {
        let started = Instant::now();
        loop {
            let spans = read(&self.said());
            if last.iter().all(|name| spans.iter().any(|span| span.name == *name)) {
                return spans;
            }
            assert!(started.elapsed() < LIMIT, "no span called {last:?} came; rotel said: {}", self.said());
            sleep(Duration::from_millis(20));
        }
    }

    fn said(&self) -> String {
        String::from_utf8_lossy(&fs::read(&self.log).unwrap_or_default()).into_owned()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port that was free a moment ago.
fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    listener.local_addr().expect("its number").port()
}

/// The program, installed into an environment of its own where it is missing.
fn install(scratch: &Path) -> PathBuf {
    let home = scratch.join(format!("rotel-{VERSION}"));
    // Written last, so that a broken installation is not taken for a whole one.
    let stamp = home.join("installed");
    let python = home.join("bin/python3");
    if !stamp.exists() {
        let done = |command: &mut Command, what: &str| {
            let outcome = tools::run(command, scratch, Duration::from_secs(300));
            assert!(outcome.ok, "{what}: {}{}", outcome.stdout, outcome.stderr);
            outcome.stdout
        };
        done(
            Command::new("python3").args(["-m", "venv", "--clear"]).arg(&home),
            "this test needs Python 3.11 with `venv`; install it by hand",
        );
        let package = format!("rotel=={VERSION}");
        done(
            Command::new(&python).args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", &package]),
            "pip could not install rotel",
        );
        fs::write(&stamp, VERSION).expect("the mark of a whole installation");
    }
    let found = Command::new(&python)
        .args(["-c", "import os, rotel; print(os.path.join(os.path.dirname(rotel.__file__), 'rotel-agent'))"])
        .output()
        .expect("the Python of the environment");
    let agent = PathBuf::from(String::from_utf8_lossy(&found.stdout).trim());
    let runs = || {
        let said = Command::new(&agent).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        said.is_ok_and(|status| status.success())
    };
    // It was built against the library of Python 3.11.
    tools::debian("libpython3.11", runs, scratch);
    agent
}

/// What rotel wrote, as spans.
fn read(log: &str) -> Vec<Seen> {
    let mut spans: Vec<Seen> = Vec::new();
    let mut resource = BTreeMap::new();
    for line in log.lines() {
        let text = line.trim();
        if text.starts_with("ResourceSpans #") {
            resource = BTreeMap::new();
            // From here until its first span, attributes are those of the resource.
            spans.push(Seen::default());
        } else if text.starts_with("Span #") {
            if spans.last().is_some_and(|span| span.id.is_empty()) {
                spans.pop();
            }
            spans.push(Seen { resource: resource.clone(), ..Seen::default() });
        } else if let Some((name, value)) = text.strip_prefix("-> ").and_then(|pair| pair.split_once(": ")) {
            let value = value.split_once('(').map_or(value, |(_, value)| value.strip_suffix(')').unwrap_or(value));
            match spans.last_mut() {
                Some(span) if !span.id.is_empty() => span.attributes.insert(name.to_owned(), value.to_owned()),
                _ => resource.insert(name.to_owned(), value.to_owned()),
            };
        } else if let (Some(span), Some((name, value))) = (spans.last_mut(), text.split_once(':')) {
            let value = value.trim().to_owned();
            match name.trim() {
                "Trace ID" => span.trace = value,
                "Parent ID" => span.parent = value,
                "ID" => span.id = value,
                "Name" if span.name.is_empty() => span.name = value,
                "Kind" => span.kind = value,
                "Status code" => span.status = value.replace("STATUS_CODE_", "").replace("UNSET", ""),
                "Status message" => span.message = value,
                _ => {}
            }
        }
    }
    spans.retain(|span| !span.id.is_empty() && !span.name.is_empty());
    spans
}
