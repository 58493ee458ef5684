//! Servers for the model tests: a real OpenAI-compatible one from npm, and one that misbehaves at will.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

const VERSION: &str = "1.43.0";

/// aimock, an OpenAI-compatible server that answers by a script; it ends with this value.
pub(crate) struct Aimock {
    child: Child,
    pub(crate) address: String,
    _home: tempfile::TempDir,
}

impl Aimock {
    /// Starts it on a free port with these fixtures.
    pub(crate) fn start(fixtures: &serde_json::Value) -> Self {
        let program = installed();
        let home = tempfile::tempdir().unwrap();
        fs::write(home.path().join("fixtures.json"), fixtures.to_string()).unwrap();
        fs::write(home.path().join("aimock.json"), r#"{"llm":{"fixtures":"fixtures.json"}}"#).unwrap();
        let mut child = Command::new("node")
            .arg(program)
            .args(["-c", "aimock.json", "-p", "0", "--host", "127.0.0.1"])
            .current_dir(home.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("node starts");
        let output = BufReader::new(child.stdout.take().unwrap());
        let (found, address) = mpsc::channel();
        // The thread reads on, so that the server never waits for a full pipe.
        thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                if let Some((_, address)) = line.split_once("listening on ") {
                    let _ = found.send(address.trim().to_owned());
                }
            }
        });
        let address = address.recv_timeout(Duration::from_secs(30));
        let server = Self { child, address: address.clone().unwrap_or_default(), _home: home };
        address.expect("aimock tells its address within 30 s");
        server
    }

    /// The requests it has had, newest last, as JSON.
    pub(crate) fn journal(&self) -> serde_json::Value {
        let mut response = ureq::get(format!("{}/__aimock/journal", self.address)).call().unwrap();
        serde_json::from_str(&response.body_mut().read_to_string().unwrap()).unwrap()
    }
}

impl Drop for Aimock {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Installs aimock below the target folder unless it is there, and gives its program.
fn installed() -> PathBuf {
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("aimock-{VERSION}"));
    let program = place.join("node_modules/@copilotkit/aimock/dist/aimock-cli.js");
    if !program.exists() {
        // Tests may run at the same time in several processes: each installs aside, and the first to move wins.
        let aside = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        fs::write(aside.path().join("package.json"), r#"{"private":true}"#).unwrap();
        let npm = Command::new("npm")
            .args(["install", "--no-audit", "--no-fund", "--ignore-scripts"])
            .arg(format!("@copilotkit/aimock@{VERSION}"))
            .current_dir(aside.path())
            .output()
            .expect("npm is there; it comes with Node.js");
        assert!(npm.status.success(), "npm: {}", String::from_utf8_lossy(&npm.stderr));
        let _ = fs::rename(aside.path(), &place);
    }
    assert!(program.exists(), "no program at {}", program.display());
    program
}

/// A server that takes one request, answers these bytes, and hangs up after `wait`.
pub(crate) fn one_reply(reply: impl Into<Vec<u8>>, wait: Duration) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let reply = reply.into();
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        stream.set_read_timeout(Some(Duration::from_millis(300))).unwrap();
        // The request is read to its end, or the hang-up would be a reset.
        let _ = stream.read_to_end(&mut Vec::new());
        let _ = stream.write_all(&reply);
        thread::sleep(wait);
    });
    address
}

/// A whole HTTP response.
pub(crate) fn response(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n{headers}connection: close\r\n\r\n{body}", body.len())
}
