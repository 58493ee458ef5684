//! Real servers over each transport that they have.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use flowc_mcp::{
    BoxFuture, CallOptions, Change, Elicitation, ElicitationAnswer, InputHandler, McpError, McpErrorKind, McpServers,
    ProtocolVersion, Server, ServerConfig,
};
use flowc_mcp_tests::install;
use flowc_mcp_tests::peers::{Listening, python_stdio, until};
use serde_json::{Value, json};

const SCRATCH: &str = env!("CARGO_TARGET_TMPDIR");

fn scratch() -> &'static Path {
    Path::new(SCRATCH)
}

struct Ada;

impl InputHandler for Ada {
    fn elicit<'a>(&'a self, asked: &'a Elicitation) -> BoxFuture<'a, ElicitationAnswer> {
        Box::pin(async move {
            match asked {
                Elicitation::Form { .. } => ElicitationAnswer::Accept(json!({ "name": "Ada" })),
                _ => ElicitationAnswer::Decline,
            }
        })
    }
}

fn one(config: ServerConfig) -> (McpServers, Server) {
    let config = config.connect_timeout(Duration::from_secs(60));
    let servers = McpServers::builder().server("peer", config).input_handler(Ada).build();
    let server = servers.server("peer").unwrap();
    (servers, server)
}

async fn text(server: &Server, tool: &str, arguments: Value) -> Result<String, McpError> {
    Ok(server.call(tool, arguments).await?.success()?.text())
}

/// What every peer of ours can do: typed results, errors, progress, prompts, resources, many calls at once.
async fn exercise(server: &Server, version: ProtocolVersion) {
    let tools = server.tools().await.unwrap();
    let add = tools.iter().find(|tool| tool.name == "add").unwrap();
    assert_eq!(add.description.as_deref(), Some("Adds two numbers."));
    assert!(add.is_repeatable() && add.output_schema.is_some(), "{add:?}");
    assert_eq!(server.status().unwrap().info.unwrap().protocol, Some(version));

    let sum = server.call("add", json!({ "a": 2, "b": 3 })).await.unwrap();
    assert_eq!(sum.structured, Some(json!({ "sum": 5 })));

    let failed = server.call("fail", json!({ "reason": "no wind" })).await.unwrap();
    assert!(failed.is_error);
    let error = failed.success().unwrap_err();
    assert!(matches!(error.kind(), McpErrorKind::Tool { text } if text.contains("no wind")), "{error}");

    let heard = Mutex::new(Vec::new());
    let options = CallOptions::new()
        .progress(|progress| heard.lock().unwrap().push((progress.done, progress.total, progress.message.clone())));
    let counted = server.call_with("count", json!({ "to": 3 }), &options).await.unwrap();
    assert_eq!(counted.text(), "counted to 3");
    drop(options);
    let at = |number: f64| (number, Some(3.0), Some(format!("at {number}")));
    assert_eq!(heard.into_inner().unwrap(), [at(1.0), at(2.0), at(3.0)]);

    let prompt = server.prompt("review", json!({ "code": "1 + 1" }), &CallOptions::new()).await.unwrap();
    assert_eq!(prompt.messages[0].content.as_text(), Some("Please review: 1 + 1"));
    let found = server.read("config://app", &CallOptions::new()).await.unwrap();
    assert_eq!(found[0].text.as_deref(), Some("the configuration"));
    assert_eq!(server.resources().await.unwrap()[0].uri, "config://app");
    assert_eq!(server.prompts().await.unwrap()[0].name, "review");

    // None of them waits for another.
    let started = Instant::now();
    let calls: Vec<_> = (0..40)
        .map(|_| {
            let server = server.clone();
            tokio::spawn(async move { text(&server, "wait", json!({ "seconds": 1.0 })).await.unwrap() })
        })
        .collect();
    for call in calls {
        assert_eq!(call.await.unwrap(), "waited 1.0");
    }
    assert!(started.elapsed() < Duration::from_secs(8), "{:?}", started.elapsed());
}

#[tokio::test]
async fn the_first_python_sdk_over_stdio() {
    let (servers, server) = one(python_stdio(scratch(), false));
    exercise(&server, ProtocolVersion::V2025_11_25).await;
    assert_eq!(text(&server, "greet", json!({})).await.unwrap(), "Hello, Ada!");
    let found = server.complete_prompt("review", ("code", "p"), Value::Null).await.unwrap();
    assert_eq!(found.values, ["python", "pascal", "perl"]);
    let templates = server.resource_templates().await.unwrap();
    assert_eq!(templates[0].uri_template, "notes://{name}");

    let mut changes = server.changes().unwrap();
    assert!(!server.tools().await.unwrap().iter().any(|tool| tool.name == "grown"));
    text(&server, "grow", json!({})).await.unwrap();
    assert_eq!(changes.next().await, Some(Change::Tools));
    assert!(server.tools().await.unwrap().iter().any(|tool| tool.name == "grown"));
    servers.close().await;
}

#[tokio::test]
async fn the_second_python_sdk_over_stdio() {
    let (servers, server) = one(python_stdio(scratch(), true));
    exercise(&server, ProtocolVersion::V2026_07_28).await;
    servers.close().await;
}

#[tokio::test]
async fn the_first_python_sdk_over_http() {
    let mut peer = Listening::python(scratch(), false, "http");
    let (servers, server) = one(peer.http().idempotent("*"));
    exercise(&server, ProtocolVersion::V2025_11_25).await;
    peer.restart();
    assert_eq!(text(&server, "echo", json!({ "text": "after the restart" })).await.unwrap(), "after the restart");
    servers.close().await;
}

#[tokio::test]
async fn the_second_python_sdk_over_http_with_events_and_with_json() {
    for how in ["http", "json"] {
        let mut peer = Listening::python(scratch(), true, how);
        let (servers, server) = one(peer.http().idempotent("*"));
        if how == "http" {
            exercise(&server, ProtocolVersion::V2026_07_28).await;
        }
        peer.restart();
        assert_eq!(text(&server, "echo", json!({ "text": "after the restart" })).await.unwrap(), "after the restart");
        servers.close().await;
    }
}

#[tokio::test]
async fn the_first_python_sdk_over_websocket() {
    let mut peer = Listening::python(scratch(), false, "ws");
    let (servers, server) = one(peer.ws().idempotent("*"));
    exercise(&server, ProtocolVersion::V2025_11_25).await;
    peer.kill();
    until("the end of the connection", Duration::from_secs(5), || server.status().unwrap().connections == 0).await;
    peer.restart();
    assert_eq!(text(&server, "echo", json!({ "text": "after the restart" })).await.unwrap(), "after the restart");
    servers.close().await;
}

#[tokio::test]
async fn several_processes_work_at_the_same_time() {
    let (servers, server) = one(python_stdio(scratch(), false).pool(4, 4));
    text(&server, "pid", json!({})).await.unwrap();
    until("four processes", Duration::from_secs(60), || server.status().unwrap().connections == 4).await;
    let started = Instant::now();
    let calls: Vec<_> = (0..4)
        .map(|_| {
            let server = server.clone();
            tokio::spawn(async move { text(&server, "block", json!({ "seconds": 1.0 })).await.unwrap() })
        })
        .collect();
    let mut pids = std::collections::BTreeSet::new();
    for call in calls {
        pids.insert(call.await.unwrap());
    }
    assert_eq!(pids.len(), 4);
    assert!(started.elapsed() < Duration::from_secs(3), "{:?}", started.elapsed());
    servers.close().await;
}

#[tokio::test]
async fn time_and_git_and_fetch() {
    let bin = install::new_sdk(scratch());
    let program = |name: &str| ServerConfig::stdio(bin.join(name).to_string_lossy());
    let (servers, server) = one(program("mcp-server-time"));
    let now = server
        .call_with("get_current_time", json!({ "timezone": "Europe/Oslo" }), &CallOptions::new().validate())
        .await
        .unwrap();
    assert!(now.success().unwrap().text().contains("Europe/Oslo"));
    servers.close().await;

    let repository = scratch().join(format!("repository-{}", std::process::id()));
    let done = std::process::Command::new("git").arg("init").arg("-q").arg(&repository).status().unwrap();
    assert!(done.success());
    let (servers, server) = one(program("mcp-server-git").arg("--repository").arg(repository.to_string_lossy()));
    let status = text(&server, "git_status", json!({ "repo_path": repository.to_string_lossy() })).await.unwrap();
    assert!(status.contains("branch"), "{status}");
    servers.close().await;

    let (servers, server) = one(program("mcp-server-fetch"));
    assert!(server.tools().await.unwrap().iter().any(|tool| tool.name == "fetch"));
    servers.close().await;
}

#[tokio::test]
async fn sqlite() {
    let bin = install::old_sdk(scratch());
    let database = scratch().join(format!("sqlite-{}.db", std::process::id()));
    let config = ServerConfig::stdio(bin.join("mcp-server-sqlite").to_string_lossy())
        .arg("--db-path")
        .arg(database.to_string_lossy());
    let (servers, server) = one(config);
    text(&server, "create_table", json!({ "query": "CREATE TABLE cats (name TEXT)" })).await.unwrap();
    text(&server, "write_query", json!({ "query": "INSERT INTO cats VALUES ('Tom')" })).await.unwrap();
    assert!(text(&server, "read_query", json!({ "query": "SELECT * FROM cats" })).await.unwrap().contains("Tom"));
    servers.close().await;
}

#[tokio::test]
async fn the_reference_servers_of_npm() {
    let modules = install::reference_servers(scratch());
    let program = |name: &str| {
        let start = modules.join(format!("@modelcontextprotocol/server-{name}/dist/index.js"));
        ServerConfig::stdio("node").arg(start.to_string_lossy())
    };
    let folder = scratch().join(format!("files-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("a.txt"), "hello").unwrap();
    let (servers, server) = one(program("filesystem").arg(folder.to_string_lossy()));
    let read =
        text(&server, "read_text_file", json!({ "path": folder.join("a.txt").to_string_lossy() })).await.unwrap();
    assert!(read.contains("hello"), "{read}");
    servers.close().await;

    let memory = folder.join("memory.json");
    let (servers, server) = one(program("memory").env("MEMORY_FILE_PATH", memory.to_string_lossy()));
    let entity = json!({ "entities": [{ "name": "Tom", "entityType": "cat", "observations": ["sleeps"] }] });
    text(&server, "create_entities", entity).await.unwrap();
    assert!(text(&server, "read_graph", json!({})).await.unwrap().contains("sleeps"));
    servers.close().await;

    let (servers, server) = one(program("sequential-thinking"));
    let thought = json!({ "thought": "one", "nextThoughtNeeded": false, "thoughtNumber": 1, "totalThoughts": 1 });
    text(&server, "sequentialthinking", thought).await.unwrap();
    servers.close().await;

    let (servers, server) = one(program("everything").arg("stdio"));
    assert_eq!(text(&server, "echo", json!({ "message": "hi" })).await.unwrap(), "Echo: hi");
    servers.close().await;
    let mut peer = Listening::everything(scratch());
    let (servers, server) = one(peer.http().idempotent("*"));
    assert_eq!(text(&server, "echo", json!({ "message": "hi" })).await.unwrap(), "Echo: hi");
    assert!(!server.resources().await.unwrap().is_empty());
    peer.restart();
    assert_eq!(text(&server, "echo", json!({ "message": "again" })).await.unwrap(), "Echo: again");
    servers.close().await;
}

#[tokio::test]
async fn progress_goes_to_the_events_of_the_run() {
    use flowc::{Context, Engine, EventKind, node, workflow};

    #[node]
    async fn counted(to: u64, #[resource] servers: &McpServers, #[context] cx: &Context) -> Result<String, McpError> {
        let peer = servers.server("peer")?;
        Ok(peer.call_with("count", json!({ "to": to }), &CallOptions::of(cx)).await?.success()?.text())
    }
    workflow! {
        fn counting(to: u64) -> String {
            counted(to)
        }
    }
    #[derive(flowc::Resources)]
    struct App {
        servers: McpServers,
    }
    let (servers, _server) = one(python_stdio(scratch(), false));
    let engine = Engine::builder().resources(App { servers: servers.clone() }).build();
    let run = engine.start(counting(3));
    let mut events = run.events();
    let heard = Arc::new(Mutex::new(Vec::new()));
    let listener = {
        let heard = Arc::clone(&heard);
        tokio::spawn(async move {
            while let Some(event) = events.next().await {
                if let EventKind::Progress { done, total, .. } = event.kind {
                    heard.lock().unwrap().push((done, total));
                }
            }
        })
    };
    assert_eq!(run.await.unwrap(), "counted to 3");
    listener.await.unwrap();
    assert_eq!(*heard.lock().unwrap(), [(1, 3), (2, 3), (3, 3)]);
    servers.close().await;
}
