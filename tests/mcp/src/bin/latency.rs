//! How long a call takes: flowc-mcp, bare rmcp, and the clients for Python and TypeScript, on the same server in the same run.
//! `cargo xtask bench mcp` starts it; `latency serve ..` is the server.

// A program of the benchmarks: a panic is how it reports.
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout
)]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use flowc_mcp::server::Limits;
use flowc_mcp::{McpServers, ServerConfig};
use flowc_mcp_tests::install;
use flowc_mcp_tests::peers::{Listening, script};
use flowc_mcp_tests::served::server;
use flowc_test_peers::tools;
use rmcp::model::{CallToolRequestParams, ProtocolVersion};
use rmcp::service::{ClientLifecycleMode, ClientServiceExt};
use serde::Deserialize;
use serde_json::json;
use tokio::runtime::{Builder, Runtime};

/// The official client for TypeScript.
const TYPESCRIPT: &[&str] = &["@modelcontextprotocol/sdk@1.32.2"];
/// Calls that are not counted, calls one after the other, and calls of which [`WIDTH`] are in flight.
const WARM: usize = 200;
const IN_TURN: usize = 2000;
const AT_ONCE: usize = 4000;
const WIDTH: usize = 16;
/// No client takes longer.
const LIMIT: Duration = Duration::from_secs(120);

/// What a client saw: microseconds of a call in turn, and calls a second with [`WIDTH`] in flight.
#[derive(Deserialize)]
struct Seen {
    p50: f64,
    p99: f64,
    per_second: f64,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        // The server is the same for all clients, so that its own threads need not blur what they see.
        ["serve", ref rest @ ..] => Threads::One.runtime().block_on(serving(rest)),
        _ => measured(),
    }
}

async fn serving(how: &[&str]) {
    match how {
        ["stdio"] => server(limits()).0.serve_stdio().await.expect("a client that speaks MCP"),
        ["http", at] => server(limits()).0.bind_http(at).await.expect("a free address").ended().await,
        ["ws", at] => server(limits()).0.bind_ws(at).await.expect("a free address").ended().await,
        _ => panic!("latency serve stdio|http|ws"),
    }
}

/// The runtime of a client.
#[derive(Clone, Copy)]
enum Threads {
    /// One, as the clients for Python and TypeScript have.
    One,
    /// One for each core, as `#[tokio::main]` has: a call may cross from one to the other.
    Many,
}

impl Threads {
    fn runtime(self) -> Runtime {
        let mut builder = match self {
            Self::One => Builder::new_current_thread(),
            Self::Many => Builder::new_multi_thread(),
        };
        builder.enable_all().build().expect("a runtime")
    }

    /// What a client saw from a task of this runtime: calls are made by tasks in programs of flowc.
    fn see(self, client: impl Future<Output = Seen> + Send + 'static) -> Seen {
        let runtime = self.runtime();
        runtime.block_on(runtime.spawn(client)).expect("the client ends")
    }
}

/// The limits of the server are not what is measured.
fn limits() -> Limits {
    Limits::new()
}

fn here() -> PathBuf {
    std::env::current_exe().expect("the path of this program")
}

/// Installations are kept where cargo keeps what it builds.
fn scratch() -> PathBuf {
    let target = here().ancestors().nth(2).expect("the target folder").join("tmp");
    std::fs::create_dir_all(&target).expect("a folder for what is installed");
    target
}

fn measured() {
    let scratch = scratch();
    println!("| transport | client | p50 µs | p99 µs | calls a second, {WIDTH} at once | p50 against flowc-mcp |");
    println!("|---|---|---:|---:|---:|---:|");
    let own = here().display().to_string();
    let stdio = || ServerConfig::stdio(&own).args(["serve", "stdio"]);
    let flowc = ours("stdio", &stdio());
    show("stdio", "rmcp", &Threads::One.see(of_rmcp()), &flowc);
    show("stdio", "rmcp, a thread for each core", &Threads::Many.see(of_rmcp()), &flowc);
    let target = ["stdio", &own, "serve", "stdio"];
    show("stdio", "Python", &of_python(&scratch, true, &target), &flowc);
    show("stdio", "TypeScript", &of_typescript(&scratch, &target), &flowc);
    for how in ["http", "ws"] {
        let peer = listening(&scratch, how);
        let url = format!("{how}://127.0.0.1:{}/mcp", peer.port);
        let flowc = ours(how, &if how == "http" { ServerConfig::http(&url) } else { ServerConfig::ws(&url) });
        // Only the first SDK for Python speaks WebSocket.
        show(how, "Python", &of_python(&scratch, how == "http", &[how, &url]), &flowc);
        show(how, "TypeScript", &of_typescript(&scratch, &[how, &url]), &flowc);
    }
}

/// The rows of flowc-mcp; what the others are compared with is the one with one thread, which they have, too.
fn ours(how: &str, config: &ServerConfig) -> Seen {
    let seen = Threads::One.see(of_flowc(config.clone()));
    show(how, "flowc-mcp", &seen, &seen);
    show(how, "flowc-mcp, a thread for each core", &Threads::Many.see(of_flowc(config.clone())), &seen);
    seen
}

fn show(transport: &str, client: &str, seen: &Seen, flowc: &Seen) {
    let Seen { p50, p99, per_second } = seen;
    println!("| {transport} | {client} | {p50:.0} | {p99:.0} | {per_second:.0} | {:.2} |", p50 / flowc.p50);
}

fn listening(scratch: &Path, how: &'static str) -> Listening {
    Listening::start(scratch, move |port| {
        let mut command = Command::new(here());
        command.args(["serve", how, &format!("127.0.0.1:{port}")]);
        command
    })
}

/// The figures of calls that `call` makes.
async fn timed<F: Future<Output = ()> + Send + 'static>(call: impl Fn() -> F + Send + Sync + 'static) -> Seen {
    for _ in 0..WARM {
        call().await;
    }
    let mut took = Vec::with_capacity(IN_TURN);
    for _ in 0..IN_TURN {
        let started = Instant::now();
        call().await;
        took.push(started.elapsed().as_secs_f64() * 1e6);
    }
    took.sort_by(f64::total_cmp);
    let at = |share: f64| took.get((IN_TURN as f64 * share) as usize).copied().unwrap_or_default();
    let call = Arc::new(call);
    let started = Instant::now();
    let mut lanes = tokio::task::JoinSet::new();
    for _ in 0..WIDTH {
        let call = Arc::clone(&call);
        lanes.spawn(async move {
            for _ in 0..AT_ONCE / WIDTH {
                call().await;
            }
        });
    }
    lanes.join_all().await;
    Seen { p50: at(0.5), p99: at(0.99), per_second: AT_ONCE as f64 / started.elapsed().as_secs_f64() }
}

async fn of_flowc(config: ServerConfig) -> Seen {
    let servers = McpServers::builder().server("served", config).build();
    let server = servers.server("served").expect("the server that was just named");
    let seen = timed(move || {
        let server = server.clone();
        async move {
            let counted = server.call("words", json!({ "text": "one two three" })).await.expect("a result");
            assert_eq!(counted.text(), "3");
        }
    })
    .await;
    servers.close().await;
    seen
}

async fn of_rmcp() -> Seen {
    let mut command = tokio::process::Command::new(here());
    command.args(["serve", "stdio"]).stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
    let mut child = command.spawn().expect("the server starts");
    let (Some(output), Some(input)) = (child.stdout.take(), child.stdin.take()) else { panic!("both pipes are ours") };
    // The version that flowc-mcp agrees on: a request of it says more than one of an older version.
    let lifecycle = ClientLifecycleMode::Discover { preferred_versions: vec![ProtocolVersion::V_2026_07_28] };
    let client = ().serve_with_lifecycle((output, input), lifecycle).await.expect("a server that speaks MCP");
    let peer = client.peer().clone();
    let seen = timed(move || {
        let peer = peer.clone();
        async move {
            let arguments = json!({ "text": "one two three" }).as_object().cloned().unwrap_or_default();
            let call = CallToolRequestParams::new("words").with_arguments(arguments);
            peer.call_tool(call).await.expect("a result");
        }
    })
    .await;
    drop(client);
    seen
}

fn of_python(scratch: &Path, new: bool, target: &[&str]) -> Seen {
    let bin = if new { install::new_sdk(scratch) } else { install::old_sdk(scratch) };
    let mut command = Command::new(bin.join("python3"));
    command.arg(script("latency.py"));
    told(scratch, command, target)
}

fn of_typescript(scratch: &Path, target: &[&str]) -> Seen {
    let modules = install::npm(scratch, "npm-client", TYPESCRIPT);
    // The first Node.js with a WebSocket of its own.
    let mut command = Command::new(install::node_22(scratch));
    command.arg(script("latency.mjs")).arg(modules);
    told(scratch, command, target)
}

/// What a program found out.
fn told(scratch: &Path, mut command: Command, target: &[&str]) -> Seen {
    command.args([WARM, IN_TURN, AT_ONCE, WIDTH].map(|number| number.to_string())).args(target);
    let outcome = tools::run(&mut command, scratch, LIMIT);
    assert!(outcome.ok, "{}{}", outcome.stdout, outcome.stderr);
    serde_json::from_str(&outcome.stdout).unwrap_or_else(|error| panic!("{error}: {}", outcome.stdout))
}
