//! Long calls as tasks, and lists that change while somebody listens: a client of ours and a server of ours, of the newest protocol.

use std::time::{Duration, Instant};

use flowc_mcp::server::{Limits, Serving};
use flowc_mcp::{
    BoxFuture, CallOptions, Change, Changed, Elicitation, ElicitationAnswer, InputHandler, McpErrorKind, McpServers,
    ProtocolVersion, Server, ServerConfig,
};
use flowc_mcp_tests::beside::Beside;
use flowc_mcp_tests::changing::WATCHED;
use flowc_mcp_tests::peers::{free_port, until};
use flowc_mcp_tests::raw::{Answer, post, request, send};
use flowc_mcp_tests::{fixture, served};
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

struct Yes;

impl InputHandler for Yes {
    fn elicit<'a>(&'a self, _: &'a Elicitation) -> BoxFuture<'a, ElicitationAnswer> {
        Box::pin(async { ElicitationAnswer::Accept(json!({ "confirm": true })) })
    }
}

fn one(config: ServerConfig) -> (McpServers, Server) {
    let servers = McpServers::builder().server("peer", config).input_handler(Yes).build();
    let server = servers.server("peer").unwrap();
    (servers, server)
}

/// Calls become tasks at once.
fn at_once() -> Limits {
    Limits::new().task_after(Duration::from_millis(20))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_becomes_a_task_gives_its_result_like_any_other() {
    let serving = fixture::server().bind_http_beside("127.0.0.1:0", Beside::default()).await.unwrap();
    let (servers, server) = one(ServerConfig::http(format!("http://{}/mcp", serving.address())));
    let slow = server.call("slow_compute", json!({ "seconds": 1, "label": "it" })).await.unwrap();
    assert_eq!(slow.text(), "it took 1 seconds");
    let failed = server.call("failing_job", json!({})).await.unwrap();
    assert!(failed.is_error && failed.text().contains("the job always fails"), "{failed:?}");
    // The task asks, twice at the same time, and is answered.
    let asked = server.call("multi_input", json!({})).await.unwrap();
    assert_eq!(asked.text(), "true, true");
    assert_eq!(server.status().unwrap().info.unwrap().protocol, Some(ProtocolVersion::V2026_07_28));
    servers.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_that_nobody_waits_for_is_cancelled_over_http_and_websocket() {
    let (over_http, http_cancelled) = served::server(at_once());
    let over_http = over_http.bind_http("127.0.0.1:0").await.unwrap();
    let (over_ws, ws_cancelled) = served::server(at_once());
    let over_ws = over_ws.bind_ws("127.0.0.1:0").await.unwrap();
    let http = ServerConfig::http(format!("http://{}/mcp", over_http.address()));
    let ws = ServerConfig::ws(format!("ws://{}/mcp", over_ws.address()));
    for (config, serving, cancelled) in [(http, &over_http, http_cancelled), (ws, &over_ws, ws_cancelled)] {
        let (servers, server) = one(config);
        let slow = json!({ "steps": 1000, "millis": 100 });
        let options = CallOptions::new().timeout(Duration::from_millis(500));
        let late = server.call_with("slow", slow.clone(), &options).await.unwrap_err();
        assert!(matches!(late.kind(), McpErrorKind::Timeout { .. }), "{late}");
        until("the end of the run", Duration::from_secs(10), || cancelled.count() == 1 && serving.calls() == 0).await;
        timeout(Duration::from_millis(500), server.call("slow", slow)).await.unwrap_err();
        until("the end of the run", Duration::from_secs(10), || cancelled.count() == 2 && serving.calls() == 0).await;
        servers.close().await;
    }
}

async fn answer(serving: &Serving, message: &Value) -> Answer {
    send(serving.address(), &post(serving.address(), message, &[])).await
}

/// Its result is kept for the time that was said, and not for ever; and others cannot guess at it.
#[tokio::test(flavor = "multi_thread")]
async fn a_task_is_kept_for_its_time() {
    let kept = Duration::from_millis(1500);
    let (serving, _) = served::server(at_once().task_kept(kept));
    let serving = serving.bind_http("127.0.0.1:0").await.unwrap();
    let tasks = json!({ "extensions": { "io.modelcontextprotocol/tasks": {} } });
    let call = json!({ "name": "slow", "arguments": { "steps": 10, "millis": 20 } });
    let begun = Instant::now();
    let task = answer(&serving, &request(1, "tools/call", call, tasks.clone())).await.result(1);
    assert_eq!((&task["resultType"], &task["ttlMs"]), (&json!("task"), &json!(1500)));
    let get = |id: u64, task: &Value| request(id, "tasks/get", json!({ "taskId": task }), tasks.clone());
    while answer(&serving, &get(2, &task["taskId"])).await.result(2)["status"] == "working" {
        sleep(Duration::from_millis(20)).await;
    }
    assert!(begun.elapsed() < kept, "the machine is too slow for this test");
    let done = answer(&serving, &get(3, &task["taskId"])).await.result(3);
    assert_eq!(done["result"]["structuredContent"], json!({ "result": 10 }));
    let stranger = answer(&serving, &get(4, &json!("00000000-0000-0000-0000-000000000000"))).await;
    assert_eq!(stranger.messages()[0]["error"]["code"], -32602);
    // After its time it is not known any more.
    let end = Instant::now() + Duration::from_secs(20);
    loop {
        let gone = answer(&serving, &get(5, &task["taskId"])).await;
        if gone.messages()[0]["error"]["code"] == -32602 {
            break;
        }
        assert!(Instant::now() < end, "{gone:?}");
        sleep(Duration::from_millis(100)).await;
    }
}

async fn next(changes: &mut Changed) -> Option<Change> {
    timeout(Duration::from_secs(20), changes.next()).await.expect("a change in time")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_server_tells_of_changes_to_those_who_listen() {
    let address = format!("127.0.0.1:{}", free_port());
    let serving = fixture::server().bind_http_beside(&address, Beside::default()).await.unwrap();
    let (servers, server) = one(ServerConfig::http(format!("http://{address}/mcp")));
    let trigger =
        async |what: &str| server.call(&format!("test_trigger_{what}_change"), json!({})).await.unwrap().text();
    trigger("tool").await;
    let mut changes = server.changes().unwrap();
    // One listener: this client. It begins to listen as soon as there is a connection.
    while trigger("tool").await != "1 listen" {
        sleep(Duration::from_millis(20)).await;
    }
    while next(&mut changes).await != Some(Change::Tools) {}
    let mut changes = server.changes().unwrap();
    trigger("prompt").await;
    while next(&mut changes).await != Some(Change::Prompts) {}

    // A resource is told of to those who asked for it.
    server.subscribe(WATCHED).await.unwrap();
    let update = async || server.call("test_trigger_resource_update", json!({})).await.unwrap().text();
    // The server is asked at once, and takes its time to register the second listener.
    while update().await != "2 listen" {
        sleep(Duration::from_millis(20)).await;
    }
    while next(&mut changes).await != Some(Change::Resource { uri: WATCHED.to_owned() }) {}
    server.unsubscribe(WATCHED).await.unwrap();

    // A server that was started again is listened to again, and what was missed is found out.
    serving.shutdown(Duration::ZERO).await;
    let _serving = fixture::server().bind_http_beside(&address, Beside::default()).await.unwrap();
    let mut changes = server.changes().unwrap();
    while next(&mut changes).await != Some(Change::Tools) {}
    while trigger("prompt").await != "1 listen" {
        sleep(Duration::from_millis(20)).await;
    }
    while next(&mut changes).await != Some(Change::Prompts) {}
    servers.close().await;
}
