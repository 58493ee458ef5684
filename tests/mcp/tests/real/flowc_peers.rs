//! Two flowc programs: the workflows of one are called by the other, as a tool by its name and as steps with types.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use flowc::{Resources, workflow};
use flowc_mcp::{CallOptions, McpErrorKind, McpServers, ServerConfig, call_tool, mcp, snapshot};
use flowc_mcp_tests::peers::{Listening, processes};
use serde_json::{Value, json};

const SERVED: &str = env!("CARGO_BIN_EXE_served");

mcp! {
    /// What the program `served` says of its workflows.
    mod served = "mcp/served.json";
}

#[derive(Resources)]
struct App {
    servers: McpServers,
}

workflow! {
    /// Counts what another program found.
    fn typed(words: Vec<String>, lines: Vec<String>) -> String {
        let found = served::find(served::Query { words, most: None }, lines);
        let counted = served::words(found.lines.join(" "));
        let worked = served::slow(3, Some(1));
        format!("{} lines, {counted} words, {worked} steps, complete: {}", found.lines.len(), found.complete)
    }

    /// The same without types.
    fn untyped(arguments: Value) -> Value {
        let found = call_tool("served", "find", arguments);
        let text = found.structured.unwrap_or_default()["lines"][0].as_str().unwrap_or_default().to_owned();
        let counted = call_tool("served", "words", json!({ "text": text }));
        counted.structured.unwrap_or_default()
    }

    /// What the other program fails with.
    fn failing() -> String {
        served::fail("the moon is full".to_owned())
    }
}

fn scratch() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
}

/// The other program, listening.
fn listening(how: &'static str) -> Listening {
    Listening::start(scratch(), move |port| {
        let mut command = Command::new(SERVED);
        command.args([how, &format!("127.0.0.1:{port}")]);
        command
    })
}

fn app(config: ServerConfig) -> App {
    App { servers: McpServers::builder().server("served", config).build() }
}

/// All that the other program can do, over one way to it.
async fn exercise(app: App, transport: &str) {
    // The types are those of the program as it is now.
    let now = snapshot(&app.servers.server("served").unwrap()).await.unwrap();
    assert_eq!(now, *served::TOOLS.snapshot(), "{transport}: write mcp/served.json anew with `flowc-mcp snapshot`");

    let lines = ["a cat", "a dog", "two fat cats"].map(str::to_owned).to_vec();
    let said = typed(vec!["cat".to_owned()], lines.clone()).run(&app).await.unwrap();
    assert_eq!(said, "2 lines, 5 words, 3 steps, complete: true", "{transport}");

    let found = untyped(json!({ "query": { "words": ["fat"] }, "lines": lines })).run(&app).await.unwrap();
    assert_eq!(found, json!({ "result": 3 }), "{transport}");
    let wrong = untyped(json!({ "query": "fat", "lines": lines })).run(&app).await.unwrap_err();
    assert!(wrong.to_string().contains("does not take these arguments: `/query`"), "{transport}: {wrong}");

    // The failure of the other program's step is that of the step here, with the path of the step there.
    let failed = failing().run(&app).await.unwrap_err();
    let text = failed.to_string();
    assert!(text.contains("failing/fail") && text.contains("step `fail/refuse` failed: the moon is full"), "{text}");

    // Two hundred runs at once, each with its own answer.
    let server = app.servers.server("served").unwrap();
    let mut calls = tokio::task::JoinSet::new();
    for number in 0..200_usize {
        let server = server.clone();
        calls.spawn(async move {
            let text = "word ".repeat(number);
            let counted = server.call("words", json!({ "text": text })).await.unwrap();
            assert_eq!(counted.structured, Some(json!({ "result": number })));
        });
    }
    while let Some(call) = calls.join_next().await {
        call.unwrap();
    }

    // What takes too long here is cancelled there.
    let options = CallOptions::new().timeout(Duration::from_millis(200));
    let late = server.call_with("slow", json!({ "steps": 1000, "millis": 50 }), &options).await.unwrap_err();
    assert!(matches!(late.kind(), McpErrorKind::Timeout { .. }), "{transport}: {late}");
    assert_eq!(app.servers.statuses()[0].transport, transport);
    app.servers.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workflow_calls_the_workflows_of_another_program_over_stdio() {
    exercise(app(ServerConfig::stdio(SERVED).arg("stdio")), "stdio").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workflow_calls_the_workflows_of_another_program_over_http() {
    let peer = listening("http");
    exercise(app(peer.http()), "http").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workflow_calls_the_workflows_of_another_program_over_websocket() {
    let peer = listening("ws");
    let address = format!("ws://127.0.0.1:{}/mcp", peer.port);
    exercise(app(ServerConfig::ws(address)), "ws").await;
}

/// The file of a desktop client is all that a flowc program needs as well, and its entry all that the other one needs to be started.
#[tokio::test(flavor = "multi_thread")]
async fn the_file_of_a_desktop_client_leads_to_the_workflows_of_another_program() {
    let file = scratch().join(format!("claude_desktop_config-{}.json", std::process::id()));
    let mark = format!("mark-{}", std::process::id());
    let entry = json!({ "command": SERVED, "args": ["stdio", mark], "env": { "LANG": "C.UTF-8" } });
    // What else stands in such a file is none of ours.
    let config = json!({ "globalShortcut": "Ctrl+Space", "mcpServers": { "served": entry } });
    std::fs::write(&file, serde_json::to_string_pretty(&config).unwrap()).unwrap();
    let app = App { servers: McpServers::from_file(&file).unwrap() };
    let said = typed(vec!["dog".to_owned()], vec!["a dog".to_owned()]).run(&app).await.unwrap();
    assert_eq!(said, "1 lines, 2 words, 3 steps, complete: true");
    assert_eq!(processes(&mark), 1);
    app.servers.close().await;
    assert_eq!(processes(&mark), 0);
}
