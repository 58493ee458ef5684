//! Workflows called by the programs that people use: the Python SDK, the MCP inspector, and a desktop client's configuration.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use flowc_mcp::server::{Limits, Serving};
use flowc_mcp_tests::{install, served::server};
use flowc_test_peers::tools::run;
use serde_json::{Value, json};

const SERVED: &str = env!("CARGO_BIN_EXE_served");
const LIMIT: Duration = Duration::from_secs(120);

fn scratch() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
}

fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("peers").join(name)
}

async fn http() -> Serving {
    server(Limits::new()).0.bind_http("127.0.0.1:0").await.unwrap()
}

/// Runs a program away from the tasks of the server, and gives the JSON that it wrote.
async fn json_of(mut command: Command) -> Value {
    let outcome = tokio::task::spawn_blocking(move || run(&mut command, scratch(), LIMIT)).await.unwrap();
    assert!(outcome.ok, "{}{}", outcome.stdout, outcome.stderr);
    serde_json::from_str(&outcome.stdout).unwrap_or_else(|error| panic!("{error}: {}", outcome.stdout))
}

fn python(how: &str, mode: &str, target: &[&str]) -> Command {
    let mut command = Command::new(install::new_sdk(scratch()).join("python3"));
    command.arg(script("client.py")).args([how, mode]).args(target);
    command
}

fn checked(seen: &Value, version: &str) {
    assert_eq!(seen["version"], version);
    assert_eq!(seen["server"], json!(["served", "1.2.3"]));
    assert_eq!(seen["instructions"], "Workflows for checks.");
    assert_eq!(seen["tools"].as_object().unwrap().len(), 5);
    assert_eq!(seen["tools"]["words"], "Counts the words of a text.");
    assert_eq!(seen["words"], json!({ "result": 3 }));
    assert_eq!(seen["found"], json!({ "lines": ["a cat"], "complete": true }));
    assert_eq!(seen["failed"][0], true);
    let failed = seen["failed"][1].as_str().unwrap();
    assert!(failed.contains("the moon is full\nhelp: "), "{failed}");
    assert_eq!(seen["slow"], json!({ "result": 3 }));
    let told = seen["told"].as_array().unwrap();
    assert!(told.len() >= 3 && told.last() == Some(&json!([1.0, 1.0])), "{told:?}");
    assert_eq!((&seen["published"], &seen["asked"]), (&json!({ "result": true }), &json!(["Send this? hello"])));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_python_client_over_stdio() {
    checked(&json_of(python("stdio", "auto", &[SERVED, "stdio"])).await, "2026-07-28");
    checked(&json_of(python("stdio", "legacy", &[SERVED, "stdio"])).await, "2025-11-25");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_python_client_over_http() {
    let serving = http().await;
    let url = format!("http://{}/mcp", serving.address());
    checked(&json_of(python("http", "auto", &[&url])).await, "2026-07-28");
    checked(&json_of(python("http", "legacy", &[&url])).await, "2025-11-25");
    assert_eq!(serving.calls(), 0);
}

/// The inspector, told to make one request and write what it got.
fn inspector(arguments: &[&str]) -> Command {
    let modules = install::npm(scratch(), "npm-inspector", &["@modelcontextprotocol/inspector@0.15.0"]);
    let mut command = Command::new(install::node_22(scratch()));
    command.arg(modules.join("@modelcontextprotocol/inspector/cli/build/cli.js")).arg("--cli").args(arguments);
    command
}

#[tokio::test(flavor = "multi_thread")]
async fn the_inspector_over_stdio_and_http() {
    let serving = http().await;
    let url = format!("http://{}/mcp", serving.address());
    for target in [&[SERVED, "stdio"][..], &[url.as_str(), "--transport", "http"]] {
        let ask = |more: &[&str]| json_of(inspector(&[target, more].concat()));
        let tools = ask(&["--method", "tools/list"]).await;
        let names: Vec<_> = tools["tools"].as_array().unwrap().iter().map(|tool| tool["name"].clone()).collect();
        assert_eq!(names, ["fail", "find", "publish", "slow", "words"]);
        let call = ["--method", "tools/call", "--tool-name", "words", "--tool-arg", "text=one two"];
        let result = ask(&call).await;
        assert_eq!(result["structuredContent"], json!({ "result": 2 }), "{result}");
    }
}

/// A desktop client reads its configuration, starts the command with the environment that is said there and nothing else that it
/// could count on, and speaks the version of its own time.
#[tokio::test(flavor = "multi_thread")]
async fn the_configuration_of_a_desktop_client() {
    use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};

    let file = scratch().join("claude_desktop_config.json");
    let config =
        json!({ "mcpServers": { "served": { "command": SERVED, "args": ["stdio"], "env": { "NAME": "value" } } } });
    std::fs::write(&file, config.to_string()).unwrap();

    let config: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
    let entry = &config["mcpServers"]["served"];
    let mut command = tokio::process::Command::new(entry["command"].as_str().unwrap());
    command.args(entry["args"].as_array().unwrap().iter().map(|argument| argument.as_str().unwrap()));
    command.env_clear().current_dir("/").kill_on_drop(true);
    for (name, value) in entry["env"].as_object().unwrap() {
        command.env(name, value.as_str().unwrap());
    }
    let pipe = std::process::Stdio::piped;
    let mut child = command.stdin(pipe()).stdout(pipe()).stderr(pipe()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut ask = async |id: u64, method: &str, params: Value| -> Value {
        let message = json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params });
        input.write_all(format!("{message}\n").as_bytes()).await.unwrap();
        let line = tokio::time::timeout(LIMIT, lines.next_line()).await.unwrap().unwrap().unwrap();
        let answer: Value = serde_json::from_str(&line).unwrap();
        if method == "initialize" {
            input.write_all(b"{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}\n").await.unwrap();
        }
        assert_eq!(answer["id"], id);
        answer["result"].clone()
    };
    let client = json!({ "name": "claude-ai", "version": "0.1.0" });
    let hello =
        ask(0, "initialize", json!({ "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": client }))
            .await;
    assert_eq!((&hello["protocolVersion"], &hello["serverInfo"]["name"]), (&json!("2025-06-18"), &json!("served")));
    assert_eq!(ask(1, "tools/list", json!({})).await["tools"].as_array().unwrap().len(), 5);
    let call = json!({ "name": "words", "arguments": { "text": "one two" } });
    assert_eq!(ask(2, "tools/call", call).await["structuredContent"], json!({ "result": 2 }));
    // It goes with its client, and nothing else was written.
    drop(input);
    assert!(tokio::time::timeout(LIMIT, child.wait()).await.unwrap().unwrap().success());
    assert_eq!(lines.next_line().await.unwrap(), None);
}
