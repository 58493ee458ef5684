//! A running rust-analyzer, asked the way an editor asks.

use std::collections::BTreeMap;
use std::io::BufReader;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::edit::{place, relative};
use crate::{Edit, Place, Result, edits, wire};

const INSTALL: &str = "install it with `rustup component add rust-analyzer rust-src`";

/// Loading compiles the proc macros and their dependencies on a first run.
const READY: Duration = Duration::from_secs(300);

/// One answer; the first one after a change type-checks the file.
const ANSWER: Duration = Duration::from_secs(60);

/// What rust-analyzer says when an edit overtook the question; the question is then asked again.
const OVERTAKEN: [i64; 3] = [-32800, -32801, -32802];

/// A completion that was offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// What would be inserted, without parentheses or decoration.
    pub name: String,
    /// The protocol's number for its kind: 3 a function, 5 a field, 6 a variable, 20 an enum member.
    pub kind: u64,
}

/// A rust-analyzer process; it is stopped when this is dropped.
#[derive(Debug)]
pub struct Server {
    child: Child,
    input: ChildStdin,
    inbox: Receiver<Value>,
    root: String,
    asked: u64,
    versions: BTreeMap<String, u64>,
    status: Value,
}

impl Server {
    /// What `rust-analyzer --version` says.
    ///
    /// # Errors
    ///
    /// When it is missing (rustup leaves a proxy that fails, so the exit code counts), with the command that installs it.
    pub fn version() -> Result<String> {
        let output = Command::new("rust-analyzer").arg("--version").output();
        let output = output.map_err(|error| format!("rust-analyzer cannot be started ({error}); {INSTALL}"))?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            return Err(format!("rust-analyzer does not work here ({}); {INSTALL}", said.trim()).into());
        }
        Ok(String::from_utf8(output.stdout)?.trim().to_owned())
    }

    /// Starts rust-analyzer on the crate at `root`, building into `target`, and waits until it has loaded everything.
    ///
    /// # Errors
    ///
    /// When it is missing, when it cannot load the crate, or when that takes longer than five minutes.
    pub fn start(root: &Path, target: &Path) -> Result<Self> {
        Self::version()?;
        let mut child = Command::new("rust-analyzer")
            .current_dir(root)
            .env("CARGO_TARGET_DIR", target)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let input = child.stdin.take().ok_or("rust-analyzer has no input")?;
        let output = child.stdout.take().ok_or("rust-analyzer has no output")?;
        let (outbox, inbox) = mpsc::channel();
        // The thread ends by itself: with the stream when the process is stopped, or with the receiver.
        thread::spawn(move || {
            let mut output = BufReader::new(output);
            while let Ok(Some(message)) = wire::read(&mut output) {
                if outbox.send(message).is_err() {
                    break;
                }
            }
        });
        let root = format!("file://{}", root.display());
        let (versions, status) = (BTreeMap::new(), Value::Null);
        let mut server = Self { child, input, inbox, root, asked: 0, versions, status };
        server.initialize()?;
        server.wait_until_loaded()?;
        Ok(server)
    }

    /// Shows the server a file, or its new text if it has been shown before.
    ///
    /// # Errors
    ///
    /// When the server is gone.
    pub fn show(&mut self, file: &str, text: &str) -> Result<()> {
        let uri = self.uri(file);
        let version = self.versions.entry(file.to_owned()).or_insert(0);
        *version += 1;
        if *version == 1 {
            let document = json!({"uri": uri, "languageId": "rust", "version": 1, "text": text});
            self.notify("textDocument/didOpen", &json!({"textDocument": document}))
        } else {
            let document = json!({"uri": uri, "version": *version});
            let params = json!({"textDocument": document, "contentChanges": [{"text": text}]});
            self.notify("textDocument/didChange", &params)
        }
    }

    /// The hover text at a place; empty where there is none.
    ///
    /// # Errors
    ///
    /// When the server refuses or does not answer.
    pub fn hover(&mut self, file: &str, at: Place) -> Result<String> {
        let answer = self.ask("textDocument/hover", &self.at(file, at))?;
        Ok(answer["contents"]["value"].as_str().unwrap_or_default().to_owned())
    }

    /// Where the thing at a place is defined, as (file, place) pairs.
    ///
    /// # Errors
    ///
    /// When the server refuses or does not answer, or leads out of the fixture.
    pub fn definition(&mut self, file: &str, at: Place) -> Result<Vec<(String, Place)>> {
        let answer = self.ask("textDocument/definition", &self.at(file, at))?;
        let targets = answer.as_array().map(Vec::as_slice).unwrap_or_default();
        let target = |target: &Value| -> Result<(String, Place)> {
            let uri = target["uri"].as_str().unwrap_or_default();
            Ok((relative(&self.root, uri)?, place(&target["range"]["start"])?))
        };
        targets.iter().map(target).collect()
    }

    /// What is offered at a place.
    ///
    /// # Errors
    ///
    /// When the server refuses or does not answer.
    pub fn completion(&mut self, file: &str, at: Place) -> Result<Vec<Item>> {
        let answer = self.ask("textDocument/completion", &self.at(file, at))?;
        let items = answer["items"].as_array().or(answer.as_array()).map(Vec::as_slice).unwrap_or_default();
        let item = |item: &Value| {
            let label = item["label"].as_str().unwrap_or_default();
            let end = label.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(label.len());
            Item { name: label.chars().take(end).collect(), kind: item["kind"].as_u64().unwrap_or_default() }
        };
        Ok(items.iter().map(item).collect())
    }

    /// What renaming the thing at a place would change.
    ///
    /// # Errors
    ///
    /// When the server refuses the rename or does not answer.
    pub fn rename(&mut self, file: &str, at: Place, to: &str) -> Result<Vec<Edit>> {
        let mut params = self.at(file, at);
        // An editor asks this first and offers no rename where it is refused.
        self.ask("textDocument/prepareRename", &params)?;
        if let Some(params) = params.as_object_mut() {
            params.insert("newName".to_owned(), to.into());
        }
        let answer = self.ask("textDocument/rename", &params)?;
        edits(&self.root, &answer)
    }

    /// The errors that rust-analyzer itself finds in a file, as `line:column code message`.
    ///
    /// # Errors
    ///
    /// When the server refuses or does not answer.
    pub fn errors(&mut self, file: &str) -> Result<Vec<String>> {
        let params = json!({"textDocument": {"uri": self.uri(file)}});
        let answer = self.ask("textDocument/diagnostic", &params)?;
        let items = answer["items"].as_array().ok_or_else(|| format!("no diagnostics in {answer}"))?;
        let mut errors = Vec::new();
        for item in items.iter().filter(|item| item["severity"] == 1) {
            let at = place(&item["range"]["start"])?;
            errors.push(format!("{}:{} {} {}", at.line + 1, at.column + 1, item["code"], item["message"]));
        }
        Ok(errors)
    }

    fn initialize(&mut self) -> Result<()> {
        let capabilities = json!({
            "general": {"positionEncodings": ["utf-8"]},
            "experimental": {"serverStatusNotification": true},
            "textDocument": {
                "hover": {"contentFormat": ["plaintext"]},
                "rename": {"prepareSupport": true},
                "diagnostic": {},
            },
            "workspace": {"workspaceEdit": {"documentChanges": true}},
        });
        // `cargo check` on save would only repeat what the UI tests cover; here the native analysis is asked.
        let options = json!({"checkOnSave": false, "cachePriming": {"enable": false}});
        let params = json!({
            "processId": std::process::id(),
            "rootUri": self.root,
            "workspaceFolders": [{"uri": self.root, "name": "fixture"}],
            "capabilities": capabilities,
            "initializationOptions": options,
        });
        let answer = self.ask("initialize", &params)?;
        if answer["capabilities"]["positionEncoding"] != "utf-8" {
            return Err("rust-analyzer does not count columns in bytes; a newer one is needed".into());
        }
        self.notify("initialized", &json!({}))
    }

    fn wait_until_loaded(&mut self) -> Result<()> {
        let end = Instant::now() + READY;
        while self.status["quiescent"] != true {
            let message = self.receive(end).map_err(|error| format!("the fixture does not load: {error}"))?;
            self.serve(&message)?;
        }
        if self.status["health"] != "ok" {
            return Err(format!("rust-analyzer cannot load the fixture: {}", self.status["message"]).into());
        }
        Ok(())
    }

    /// Sends a request and waits for its answer, serving what the server asks meanwhile.
    fn ask(&mut self, method: &str, params: &Value) -> Result<Value> {
        let end = Instant::now() + ANSWER;
        'again: loop {
            self.asked += 1;
            let id = self.asked;
            self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}))?;
            loop {
                let mut message = self.receive(end).map_err(|error| format!("{method}: {error}"))?;
                if message["id"] != id || message.get("method").is_some() {
                    self.serve(&message)?;
                } else if let Some(error) = message.get("error") {
                    if error["code"].as_i64().is_some_and(|code| OVERTAKEN.contains(&code)) {
                        thread::sleep(Duration::from_millis(50));
                        continue 'again;
                    }
                    return Err(format!("{method}: {}", error["message"]).into());
                } else {
                    return Ok(message["result"].take());
                }
            }
        }
    }

    /// Takes note of a notification, or answers a question of the server.
    fn serve(&mut self, message: &Value) -> Result<()> {
        match message["method"].as_str() {
            Some("experimental/serverStatus") => self.status = message["params"].clone(),
            Some(method) if message.get("id").is_some() => {
                let result = match message["params"]["items"].as_array() {
                    Some(items) if method == "workspace/configuration" => vec![Value::Null; items.len()].into(),
                    _ => Value::Null,
                };
                self.send(&json!({"jsonrpc": "2.0", "id": message["id"], "result": result}))?;
            }
            _ => {}
        }
        Ok(())
    }

    fn receive(&mut self, end: Instant) -> Result<Value> {
        match self.inbox.recv_timeout(end.saturating_duration_since(Instant::now())) {
            Ok(message) => Ok(message),
            Err(RecvTimeoutError::Timeout) => Err("rust-analyzer did not answer in time".into()),
            Err(RecvTimeoutError::Disconnected) => Err("rust-analyzer has ended".into()),
        }
    }

    fn notify(&mut self, method: &str, params: &Value) -> Result<()> {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params}))
    }

    fn send(&mut self, message: &Value) -> Result<()> {
        wire::write(&mut self.input, message)
    }

    fn uri(&self, file: &str) -> String {
        format!("{}/{file}", self.root)
    }

    fn at(&self, file: &str, at: Place) -> Value {
        json!({"textDocument": {"uri": self.uri(file)}, "position": {"line": at.line, "character": at.column}})
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Nothing is lost by stopping it at once: it keeps no state on disk. A failure means that it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
