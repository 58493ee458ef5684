//! llama.cpp, with its own HTTP server: real tokens and real grammars, of a model with random weights.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use crate::{install, tools};

const PACKAGES: &[&str] = &["xllamacpp==2026.10.11549", "gguf==0.19.0"];

/// A server at work. It ends with the value.
pub struct Llama {
    /// As in `http://127.0.0.1:8080`.
    pub address: String,
    pub port: u16,
    child: Child,
}

impl Llama {
    /// Starts one.
    ///
    /// # Panics
    /// If it cannot be installed or does not start.
    pub fn start(scratch: &Path) -> Self {
        let python = install::python(scratch, "python-llama", PACKAGES).join("python3");
        let script = |name: &str| Path::new(env!("CARGO_MANIFEST_DIR")).join("llama").join(name);
        let model = model(scratch, &python, &script("tiny.py"));
        let mut child = Command::new(python)
            .arg(script("serve.py"))
            .arg(model)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the server of llama.cpp");
        let output = BufReader::new(child.stdout.take().expect("its output"));
        let mut log = child.stderr.take().expect("its log");
        let (found, address) = mpsc::channel();
        // The threads read on, so that the server never waits for a full pipe.
        thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                if let Some(address) = line.strip_prefix("listening on ") {
                    let _ = found.send(address.trim().to_owned());
                }
            }
        });
        thread::spawn(move || {
            let mut some = [0; 4096];
            while log.read(&mut some).is_ok_and(|read| read > 0) {}
        });
        let mut server = Self { address: String::new(), port: 0, child };
        server.address =
            address.recv_timeout(Duration::from_secs(120)).expect("llama.cpp tells its address within 120 s");
        let port = server.address.rsplit(':').next().and_then(|port| port.parse().ok());
        server.port = port.expect("the address ends with a port");
        server
    }
}

/// The model, made once for each script that makes it.
fn model(scratch: &Path, python: &Path, script: &Path) -> PathBuf {
    let text = fs::read_to_string(script).expect("the script that makes the model");
    let folder = install::once(scratch, "llama-model", &[&text], |folder| {
        fs::create_dir_all(folder).expect("a folder for the model");
        let mut make = Command::new(python);
        make.arg(script).arg(folder.join("tiny.gguf"));
        let outcome = tools::run(&mut make, scratch, Duration::from_secs(120));
        assert!(outcome.ok, "the model could not be made: {}{}", outcome.stdout, outcome.stderr);
    });
    folder.join("tiny.gguf")
}

impl Drop for Llama {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
