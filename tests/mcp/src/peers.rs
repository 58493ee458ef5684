//! Real servers at work.

use std::fs::{self, File};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use flowc_mcp::ServerConfig;

use crate::install;
use crate::keys::keys;

/// A file of this package that a peer is made of.
pub fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("peers").join(name)
}

/// A port that was free a moment ago.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A server of ours in Python's standard library alone, which can be told to misbehave.
pub fn rough(mode: &str) -> ServerConfig {
    ServerConfig::stdio("python3").arg(script("rough.py").to_string_lossy()).arg(mode)
}

/// The same tools on the first or the second Python SDK, over standard input and output.
pub fn python_stdio(scratch: &Path, new: bool) -> ServerConfig {
    let (bin, file) = sdk(scratch, new);
    ServerConfig::stdio(bin.join("python3").to_string_lossy()).arg(file.to_string_lossy()).arg("stdio")
}

fn sdk(scratch: &Path, new: bool) -> (PathBuf, PathBuf) {
    if new {
        (install::new_sdk(scratch), script("new_sdk.py"))
    } else {
        (install::old_sdk(scratch), script("old_sdk.py"))
    }
}

/// How a server is started: on a port, with a file for what it says.
type Start = Box<dyn Fn(u16, &Path) -> Command + Send + Sync>;

/// A server that listens on a port of this machine. It ends with the value.
pub struct Listening {
    pub port: u16,
    child: Child,
    log: PathBuf,
    command: Start,
}

impl Listening {
    /// Starts one, and waits until it listens.
    pub fn start(scratch: &Path, command: impl Fn(u16) -> Command + Send + Sync + 'static) -> Self {
        let port = free_port();
        let log = scratch.join(format!("peer-{}-{port}.log", std::process::id()));
        let command = Box::new(move |port, log: &Path| {
            let mut command = command(port);
            let log = File::create(log).unwrap();
            command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
            command
        });
        let child = command(port, &log).spawn().expect("the server starts");
        let listening = Self { port, child, log, command };
        listening.wait();
        listening
    }

    /// The same tools on the first or the second Python SDK; `how` is `http` or `ws`.
    pub fn python(scratch: &Path, new: bool, how: &'static str) -> Self {
        let (bin, file) = sdk(scratch, new);
        let keys = keys(scratch);
        Self::start(scratch, move |port| {
            let mut command = Command::new(bin.join("python3"));
            command.env("TLS_KEYS", &keys);
            command.arg(&file).arg(how).arg(port.to_string());
            command
        })
    }

    /// The reference server of npm that has a little of everything, over HTTP.
    pub fn everything(scratch: &Path) -> Self {
        let modules = install::reference_servers(scratch);
        Self::start(scratch, move |port| {
            let mut command = Command::new("node");
            command.arg("--require").arg(script("loopback.cjs"));
            command.arg(modules.join("@modelcontextprotocol/server-everything/dist/index.js")).arg("streamableHttp");
            command.env("PORT", port.to_string());
            command
        })
    }

    fn wait(&self) {
        let started = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            assert!(started.elapsed() < Duration::from_secs(60), "it does not listen: {}", self.said());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// What it wrote.
    pub fn said(&self) -> String {
        String::from_utf8_lossy(&fs::read(&self.log).unwrap_or_default()).into_owned()
    }

    pub fn http(&self) -> ServerConfig {
        ServerConfig::http(format!("http://127.0.0.1:{}/mcp", self.port))
    }

    pub fn ws(&self) -> ServerConfig {
        ServerConfig::ws(format!("ws://127.0.0.1:{}/ws", self.port))
    }

    /// Kills it.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Kills it and starts it again on the same port.
    pub fn restart(&mut self) {
        self.kill();
        self.child = (self.command)(self.port, &self.log).spawn().expect("the server starts again");
        self.wait();
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.kill();
    }
}

/// How many processes of this machine have this text in their command line, this one not among them.
pub fn processes(text: &str) -> usize {
    let of = |entry: fs::DirEntry| {
        let name = entry.file_name().into_string().ok()?;
        let id: u32 = name.parse().ok()?;
        let line = fs::read(entry.path().join("cmdline")).ok()?;
        (id != std::process::id() && String::from_utf8_lossy(&line).replace('\0', " ").contains(text)).then_some(id)
    };
    fs::read_dir("/proc").unwrap().flatten().filter_map(of).count()
}

/// Waits until a condition holds.
pub async fn until(what: &str, limit: Duration, mut holds: impl FnMut() -> bool) {
    let started = Instant::now();
    while !holds() {
        assert!(started.elapsed() < limit, "{what} did not come to be within {limit:?}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
