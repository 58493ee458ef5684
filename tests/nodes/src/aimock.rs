//! aimock, a server from npm that speaks the protocols of OpenAI, Anthropic, Gemini and Ollama, and can be told to fail.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use flowc_draw_tests::install;
use serde_json::{Value, json};

const PACKAGE: &[&str] = &["@copilotkit/aimock@1.43.0"];

/// A server at work. It ends with the value.
pub struct Aimock {
    pub port: u16,
    child: Child,
    home: PathBuf,
}

impl Aimock {
    /// Starts one with these fixtures: what is asked, and what is answered.
    pub fn start(scratch: &Path, fixtures: Value) -> Self {
        Self::with(scratch, fixtures, json!({}))
    }

    /// The same, which lets in this key alone.
    pub fn guarded(scratch: &Path, fixtures: Value, key: &str) -> Self {
        Self::with(scratch, fixtures, json!({ "auth": { "apiKeys": [key] } }))
    }

    fn with(scratch: &Path, fixtures: Value, mut config: Value) -> Self {
        let program = install::npm(scratch, "npm-aimock", PACKAGE).join("@copilotkit/aimock/dist/aimock-cli.js");
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let home = scratch.join(format!("aimock-{}-{port}", std::process::id()));
        fs::create_dir_all(&home).expect("a folder for the server");
        fs::write(home.join("fixtures.json"), json!({ "fixtures": fixtures }).to_string()).expect("its fixtures");
        config["llm"] = json!({ "fixtures": home.join("fixtures.json") });
        fs::write(home.join("aimock.json"), config.to_string()).expect("its configuration");
        let log = File::create(home.join("log")).expect("its log");
        let child = Command::new("node")
            .arg(program)
            .arg("-c")
            .arg(home.join("aimock.json"))
            .args(["-p", &port.to_string(), "--host", "127.0.0.1"])
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("its log"))
            .stderr(log)
            .spawn()
            .expect("node; this test needs Node.js 20 with npm");
        let server = Self { port, child, home };
        let started = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(started.elapsed() < Duration::from_secs(60), "it does not listen: {}", server.said());
            std::thread::sleep(Duration::from_millis(20));
        }
        server
    }

    fn said(&self) -> String {
        fs::read_to_string(self.home.join("log")).unwrap_or_default()
    }

    /// The bodies of all requests so far, as the server noted them in the form of OpenAI's chat completions.
    pub fn asked(&self) -> Vec<Value> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("the server");
        stream.write_all(b"GET /__aimock/journal HTTP/1.0\r\nhost: localhost\r\n\r\n").expect("a request");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("its answer");
        let body = answer.split_once("\r\n\r\n").expect("a body").1;
        let journal: Value = serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {answer}"));
        journal.as_array().expect("a list").iter().map(|entry| entry["body"].clone()).collect()
    }
}

impl Drop for Aimock {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.home);
    }
}
