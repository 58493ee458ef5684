//! A real server that wants to know who asks, a person who signs in, and what the log of both says.

use std::collections::HashSet;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use flowc::AnyError;
use flowc_mcp::BoxFuture;
use flowc_mcp::auth::Browser;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

use crate::install::new_sdk;
use crate::keys::keys;
use crate::peers::script;

/// An MCP server made with the Python SDK, which is its own authorization server.
pub struct Guarded {
    pub url: String,
    /// The same server without encryption.
    plain: String,
    _process: Child,
}

impl Guarded {
    pub async fn start(scratch: &Path) -> Self {
        Self::with(scratch, &[]).await
    }

    /// One whose address is `https`, with the authority of [`keys`].
    pub async fn encrypted(scratch: &Path) -> Self {
        Self::with(scratch, &["tls"]).await
    }

    async fn with(scratch: &Path, args: &[&str]) -> Self {
        let program = script("oauth.py");
        let mut command = Command::new(new_sdk(scratch).join("python3"));
        let mut process = command
            .arg(program)
            .args(args)
            .env("TLS_KEYS", keys(scratch))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut line = String::new();
        // A machine under load takes its time to load the SDK.
        let read = BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).await;
        assert!(read.unwrap() > 0, "the server did not start");
        let said: Value = serde_json::from_str(&line).unwrap();
        let text = |key: &str| said[key].as_str().unwrap().to_owned();
        Self { url: text("url"), plain: text("plain"), _process: process }
    }

    /// Where this machine can speak to it without encryption.
    pub fn origin(&self) -> &str {
        &self.plain
    }

    /// Changes how it behaves.
    pub async fn wish(&self, wish: Value) {
        let body = wish.to_string();
        let (status, _, answer) = request("POST", &format!("{}/test", self.origin()), &body).await;
        assert_eq!(status, 200, "{answer}");
    }

    /// What it has seen.
    pub async fn seen(&self) -> Value {
        let (_, _, body) = request("GET", &format!("{}/test", self.origin()), "").await;
        serde_json::from_str(&body).unwrap()
    }

    /// How often something happened.
    pub async fn count(&self, what: &str) -> u64 {
        self.seen().await[what].as_u64().unwrap()
    }

    /// All that must be found nowhere.
    pub async fn secrets(&self) -> HashSet<String> {
        self.seen().await["secrets"]
            .as_array()
            .unwrap()
            .iter()
            .map(|secret| secret.as_str().unwrap().to_owned())
            .collect()
    }
}

/// A person with a browser, who signs in at once.
#[derive(Debug, Clone, Default)]
pub struct Person {
    /// The pages that were shown.
    pub shown: Arc<Mutex<Vec<String>>>,
    /// A server that this browser reaches without encryption, as it has none.
    pub plain: Option<String>,
}

impl Person {
    pub fn times(&self) -> usize {
        self.shown.lock().unwrap().len()
    }
}

impl Browser for Person {
    fn open<'a>(&'a self, url: &'a str) -> BoxFuture<'a, Result<(), AnyError>> {
        self.shown.lock().unwrap().push(url.to_owned());
        Box::pin(async move {
            let page = match (&self.plain, url.split_once("/authorize")) {
                (Some(plain), Some((_, query))) => format!("{plain}/authorize{query}"),
                _ => url.to_owned(),
            };
            let (status, location, body) = request("GET", &page, "").await;
            let Some(location) = location.filter(|_| (300..400).contains(&status)) else {
                return Err(AnyError::new(format!("the page says {status}: {body}")));
            };
            let (_, _, page) = request("GET", &location, "").await;
            assert!(!page.is_empty(), "the browser got no page");
            Ok(())
        })
    }
}

/// One request over HTTP, as a browser on this machine sends it: the status, where it leads, and the page.
pub async fn request(method: &str, url: &str, body: &str) -> (u16, Option<String>, String) {
    let rest = url.strip_prefix("http://").unwrap_or_else(|| panic!("`{url}` is not on this machine"));
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let mut stream = TcpStream::connect(host.replace("localhost", "127.0.0.1")).await.unwrap();
    let length = body.len();
    let head =
        format!("{method} /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {length}\r\n");
    stream.write_all(format!("{head}Content-Type: application/json\r\n\r\n{body}").as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(60), stream.read_to_end(&mut answer)).await;
    read.expect("the page did not come").unwrap();
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let (head, page) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    let location =
        head.lines().find_map(|line| line.split_once(':').filter(|(name, _)| name.eq_ignore_ascii_case("location")));
    (status, location.map(|(_, value)| value.trim().to_owned()), page.to_owned())
}

/// All that was written to the log, at its most talkative, since [`listen`].
static LOG: LazyLock<Arc<Mutex<Vec<u8>>>> = LazyLock::new(Arc::default);

/// Keeps the log of this process.
pub fn listen() {
    struct Paper;
    impl Write for Paper {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            LOG.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    // Another test of this process may have been faster; both write to the same place.
    let _ = tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_writer(|| Paper)
        .try_init();
}

/// What the log says.
pub fn log() -> String {
    String::from_utf8_lossy(&LOG.lock().unwrap()).into_owned()
}
