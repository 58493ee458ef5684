//! A real Prometheus on this machine.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use flowc_test_peers::tools;
use serde_json::Value;

/// Installs Prometheus and its `promtool` where they are missing.
pub fn install(scratch: &Path) {
    let there = || {
        ["promtool", "prometheus"].iter().all(|program| {
            let version = Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
            version.is_ok_and(|status| status.success())
        })
    };
    tools::debian("prometheus", there, scratch);
}

/// A port that was free a moment ago.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Runs `promtool` with a file on its standard input; what it said, if it did not end well.
pub fn promtool(arguments: &[&str], input: &Path) -> Result<String, String> {
    let input = File::open(input).unwrap();
    let output = Command::new("promtool").args(arguments).stdin(input).output().expect("promtool runs");
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    if output.status.success() { Ok(said) } else { Err(said) }
}

/// The body of `GET path` at a port of this machine.
pub fn get(port: u16, path: &str) -> Result<String, String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).map_err(|error| error.to_string())?;
    stream.set_read_timeout(Some(Duration::from_secs(20))).map_err(|error| error.to_string())?;
    let request = format!("GET {path} HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).map_err(|error| error.to_string())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).map_err(|error| error.to_string())?;
    let (head, body) = answer.split_once("\r\n\r\n").ok_or_else(|| format!("no answer: {answer}"))?;
    // Prometheus answers a query that it cannot read with 400 and says why in the body.
    if head.starts_with("HTTP/1.0 200") || head.starts_with("HTTP/1.1 200") {
        Ok(body.to_owned())
    } else {
        Err(format!("{}: {body}", head.lines().next().unwrap_or_default()))
    }
}

/// A server that scrapes one address each second; it ends with the value.
pub struct Server {
    child: Child,
    port: u16,
    log: PathBuf,
}

impl Server {
    pub fn start(home: &Path, scrape: u16) -> Self {
        let _ = fs::remove_dir_all(home);
        fs::create_dir_all(home).unwrap();
        let config = format!(
            "global: {{scrape_interval: 1s}}\nscrape_configs:\n  - job_name: flowc\n    static_configs:\n      - targets: ['127.0.0.1:{scrape}']\n"
        );
        fs::write(home.join("prometheus.yml"), config).unwrap();
        let (port, log) = (free_port(), home.join("log"));
        let child = Command::new("prometheus")
            .arg(format!("--config.file={}", home.join("prometheus.yml").display()))
            .arg(format!("--storage.tsdb.path={}", home.join("data").display()))
            .arg(format!("--web.listen-address=127.0.0.1:{port}"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(File::create(&log).unwrap())
            .spawn()
            .expect("prometheus starts");
        Self { child, port, log }
    }

    /// The result of a query, as its API gives it.
    pub fn query(&self, expression: &str) -> Result<Value, String> {
        let escaped: String = expression.bytes().map(|byte| format!("%{byte:02x}")).collect();
        let body = get(self.port, &format!("/api/v1/query?query={escaped}"))?;
        let answer: Value = serde_json::from_str(&body).map_err(|error| format!("{error}: {body}"))?;
        Ok(answer["data"]["result"].clone())
    }

    /// The one number that a query gives, as soon as it is there.
    pub fn number(&self, expression: &str, accept: impl Fn(f64) -> bool) -> f64 {
        let started = Instant::now();
        loop {
            let answer = self.query(expression);
            let number = answer.as_ref().ok().and_then(|result| result[0]["value"][1].as_str()?.parse().ok());
            if let Some(number) = number.filter(|number| accept(*number)) {
                return number;
            }
            let log = fs::read_to_string(&self.log).unwrap_or_default();
            assert!(started.elapsed() < Duration::from_secs(60), "{expression} gives {answer:?}; the log is {log}");
            std::thread::sleep(Duration::from_millis(200));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
