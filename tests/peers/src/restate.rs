//! A Restate server, from its package on npm.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::install;

/// The package has a static binary for this machine.
const PACKAGE: &str = if cfg!(target_arch = "aarch64") {
    "@restatedev/restate-server-linux-arm64@1.7.12"
} else {
    "@restatedev/restate-server-linux-x64@1.7.12"
};

/// How long a server may take to begin or to be ready again.
const READY: Duration = Duration::from_secs(120);

/// How many this process has started: each has a folder of its own.
static STARTED: AtomicUsize = AtomicUsize::new(0);

/// A server at work. It ends with the value.
pub struct Restate {
    /// Where runs are started, as in `http://127.0.0.1:8080`.
    pub ingress: String,
    /// Where deployments are registered.
    pub admin: String,
    program: PathBuf,
    home: PathBuf,
    ports: [u16; 3],
    /// What it is told besides, as a node of a cluster.
    told: Vec<(&'static str, String)>,
    child: Child,
}

impl Restate {
    /// Starts one, and waits until it is ready.
    ///
    /// # Panics
    /// If it cannot be installed or does not begin.
    pub fn start(scratch: &Path) -> Self {
        let told = vec![("RESTATE_NODE_NAME", "test".to_owned())];
        let server = Self::begun(scratch, free_ports(), told);
        server.wait();
        server
    }

    /// Starts three that are one: each has all roles, and two of them keep what all know.
    ///
    /// # Panics
    /// If they cannot be installed or do not begin.
    pub fn cluster(scratch: &Path) -> [Self; 3] {
        let ports = [(); 3].map(|()| free_ports());
        let peers = ports.map(|[node, ..]| format!("\"http://127.0.0.1:{node}\"")).join(",");
        let mut number = 0;
        let nodes = ports.map(|ports| {
            number += 1;
            let told = vec![
                ("RESTATE_NODE_NAME", format!("node-{number}")),
                ("RESTATE_CLUSTER_NAME", format!("test-{}", std::process::id())),
                ("RESTATE_ADVERTISED_ADDRESS", format!("http://127.0.0.1:{}", ports[0])),
                ("RESTATE_METADATA_CLIENT__ADDRESSES", format!("[{peers}]")),
                ("RESTATE_DEFAULT_REPLICATION", "2".to_owned()),
                // Only one of them makes the cluster; the others join it.
                ("RESTATE_AUTO_PROVISION", (number == 1).to_string()),
            ];
            Self::begun(scratch, ports, told)
        });
        nodes.iter().for_each(Self::wait);
        nodes
    }

    fn begun(scratch: &Path, ports: [u16; 3], told: Vec<(&'static str, String)>) -> Self {
        let package = PACKAGE.rsplit_once('@').expect("a package with its version").0;
        let program = install::npm(scratch, "npm-restate", &[PACKAGE]).join(package).join("bin/restate-server");
        let number = STARTED.fetch_add(1, Ordering::Relaxed);
        let home = scratch.join(format!("restate-{}-{number}", std::process::id()));
        fs::create_dir_all(&home).expect("a folder for the server");
        let child = begin(&program, &home, ports, &told);
        let at = |port: u16| format!("http://127.0.0.1:{port}");
        Self { ingress: at(ports[1]), admin: at(ports[2]), program, home, ports, told, child }
    }

    /// Ends it as a crash of the machine would: nothing is told.
    pub fn kill(&mut self) {
        self.child.kill().expect("the server to kill");
        self.child.wait().expect("its end");
    }

    /// Starts it again after it was killed, with what it has kept.
    ///
    /// # Panics
    /// If it does not begin.
    pub fn begin_again(&mut self) {
        self.child = begin(&self.program, &self.home, self.ports, &self.told);
        self.wait();
    }

    /// Waits until it takes work.
    fn wait(&self) {
        let begun = Instant::now();
        while !(answers(self.ports[1], "/restate/health") && answers(self.ports[2], "/health")) {
            if begun.elapsed() > READY {
                let log = fs::read_to_string(self.home.join("log")).unwrap_or_default();
                panic!("Restate is not ready within {READY:?}; it said: {log}");
            }
            sleep(Duration::from_millis(50));
        }
    }
}

fn begin(program: &Path, home: &Path, ports: [u16; 3], told: &[(&str, String)]) -> Child {
    let log = File::options().create(true).append(true).open(home.join("log")).expect("a file for its log");
    let errors = log.try_clone().expect("the same file");
    let at = |port: u16| format!("127.0.0.1:{port}");
    Command::new(program)
        .args(["--no-logo", "--base-dir"])
        .arg(home.join("data"))
        .env("RESTATE_DISABLE_TELEMETRY", "true")
        .env("RESTATE_LISTEN_MODE", "tcp")
        .env("RESTATE_BIND_ADDRESS", at(ports[0]))
        .env("RESTATE_INGRESS__BIND_ADDRESS", at(ports[1]))
        .env("RESTATE_ADMIN__BIND_ADDRESS", at(ports[2]))
        .env("RESTATE_DEFAULT_NUM_PARTITIONS", "2")
        .env("RESTATE_ROCKSDB_TOTAL_MEMORY_SIZE", "64MiB")
        .env("RESTATE_ADMIN__DISABLE_WEB_UI", "true")
        .envs(told.iter().map(|(name, value)| (name, value)))
        .stdin(Stdio::null())
        .stdout(log)
        .stderr(errors)
        .spawn()
        .expect("restate-server; this test needs a Linux machine")
}

/// Three ports that were free a moment ago.
fn free_ports() -> [u16; 3] {
    let listeners = [(); 3].map(|()| TcpListener::bind("127.0.0.1:0").expect("a free port"));
    listeners.map(|listener| listener.local_addr().expect("its address").port())
}

/// Whether a request is answered well.
fn answers(port: u16, path: &str) -> bool {
    let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) else { return false };
    let _ = stream.set_read_timeout(Some(Duration::from_secs(5)));
    let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
    let mut answer = String::new();
    stream.write_all(request.as_bytes()).is_ok()
        && stream.read_to_string(&mut answer).is_ok()
        && answer.starts_with("HTTP/1.1 200")
}

impl Drop for Restate {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if !std::thread::panicking() {
            let _ = fs::remove_dir_all(&self.home);
        }
    }
}
