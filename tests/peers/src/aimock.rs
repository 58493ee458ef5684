//! aimock, a server from npm that speaks the protocols of OpenAI, Anthropic, Gemini and Ollama by a script, and can be told to fail.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::install;

const PACKAGE: &[&str] = &["@copilotkit/aimock@1.43.0"];

/// How many this process has started: each has a folder of its own.
static STARTED: AtomicUsize = AtomicUsize::new(0);

/// A server at work. It ends with the value.
pub struct Aimock {
    /// As in `http://127.0.0.1:4010`.
    pub address: String,
    pub port: u16,
    child: Child,
    home: PathBuf,
}

impl Aimock {
    /// Starts one with a list of fixtures: what is asked, and what is answered.
    pub fn start(scratch: &Path, fixtures: &Value) -> Self {
        Self::with(scratch, fixtures, json!({}))
    }

    /// The same, which lets in this key alone.
    pub fn guarded(scratch: &Path, fixtures: &Value, key: &str) -> Self {
        Self::with(scratch, fixtures, json!({ "auth": { "apiKeys": [key] } }))
    }

    /// The same, with a store of vectors at `/vector` that has this collection, and finds this in it.
    pub fn finding(scratch: &Path, fixtures: &Value, collection: &str, found: &Value) -> Self {
        let collections = json!([{ "name": collection, "dimension": 2, "queryResults": found }]);
        Self::with(scratch, fixtures, json!({ "vector": { "collections": collections } }))
    }

    fn with(scratch: &Path, fixtures: &Value, mut config: Value) -> Self {
        let program = install::npm(scratch, "npm-aimock", PACKAGE).join("@copilotkit/aimock/dist/aimock-cli.js");
        let home = scratch.join(format!("aimock-{}-{}", std::process::id(), STARTED.fetch_add(1, Ordering::Relaxed)));
        fs::create_dir_all(&home).expect("a folder for the server");
        fs::write(home.join("fixtures.json"), json!({ "fixtures": fixtures }).to_string()).expect("its fixtures");
        config["llm"] = json!({ "fixtures": "fixtures.json" });
        fs::write(home.join("aimock.json"), config.to_string()).expect("its configuration");
        let mut child = Command::new("node")
            .arg(program)
            .args(["-c", "aimock.json", "-p", "0", "--host", "127.0.0.1"])
            .current_dir(&home)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("node; this test needs Node.js 20 with npm");
        let output = BufReader::new(child.stdout.take().expect("its output"));
        let (found, address) = mpsc::channel();
        // The thread reads on, so that the server never waits for a full pipe.
        thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                if let Some((_, address)) = line.split_once("listening on ") {
                    let _ = found.send(address.trim().to_owned());
                }
            }
        });
        let mut server = Self { address: String::new(), port: 0, child, home };
        server.address = address.recv_timeout(Duration::from_secs(60)).expect("aimock tells its address within 60 s");
        let port = server.address.rsplit(':').next().and_then(|port| port.trim_end_matches('/').parse().ok());
        server.port = port.expect("the address ends with a port");
        server
    }

    /// The requests so far, the newest last, with path, headers and body; the body in the form of OpenAI's chat completions.
    pub fn journal(&self) -> Vec<Value> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("the server");
        stream.write_all(b"GET /__aimock/journal HTTP/1.0\r\nhost: localhost\r\n\r\n").expect("a request");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("its answer");
        let body = answer.split_once("\r\n\r\n").expect("a body").1;
        serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {answer}"))
    }
}

impl Drop for Aimock {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.home);
    }
}
