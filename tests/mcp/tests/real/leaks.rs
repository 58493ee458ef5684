//! What is left when all is over: no task, no process; and connections of which only one half is left.

use std::path::Path;
use std::time::Duration;

use flowc_mcp::server::Limits;
use flowc_mcp::{CallOptions, McpErrorKind, McpServers, RetryCalls, ServerConfig};
use flowc_mcp_tests::peers::{processes, rough, until};
use flowc_mcp_tests::served::server;
use flowc_mcp_tests::wire::{Wire, done, write};
use serde_json::json;
use tokio::io::AsyncWriteExt;
use tokio::runtime::Handle;

fn tasks() -> usize {
    Handle::current().metrics().num_alive_tasks()
}

/// Calls that come back, that are given up, that break, over all transports, to servers that are closed or simply dropped.
#[tokio::test(flavor = "multi_thread")]
async fn no_task_and_no_process_is_left() {
    let before = tasks();
    for closed in [true, false] {
        let over_http = server(Limits::new()).0.bind_http("127.0.0.1:0").await.unwrap();
        let over_ws = server(Limits::new()).0.bind_ws("127.0.0.1:0").await.unwrap();
        let mark = format!("leaks-{}-{closed}", std::process::id());
        let starts = Path::new(env!("CARGO_TARGET_TMPDIR")).join(&mark);
        let servers = McpServers::builder()
            .server("http", ServerConfig::http(format!("http://{}/mcp", over_http.address())))
            .server("ws", ServerConfig::ws(format!("ws://{}/mcp", over_ws.address())))
            .server("stdio", ServerConfig::stdio(env!("CARGO_BIN_EXE_served")).arg("stdio").arg(&mark))
            .server("rough", rough("plain").arg(starts.display().to_string()))
            .build();
        for name in ["http", "ws", "stdio"] {
            let server = servers.server(name).unwrap();
            let counted = server.call("words", json!({ "text": "one two" })).await.unwrap();
            assert_eq!(counted.text(), "2", "{name}");
            let slow = json!({ "steps": 1000, "millis": 50 });
            let options = CallOptions::new().timeout(Duration::from_millis(200));
            server.call_with("slow", slow.clone(), &options).await.unwrap_err();
            let many: Vec<_> = (0..50)
                .map(|_| {
                    tokio::spawn({
                        let (server, slow) = (server.clone(), slow.clone());
                        async move { server.call("slow", slow).await }
                    })
                })
                .collect();
            tokio::time::sleep(Duration::from_millis(100)).await;
            many.iter().for_each(tokio::task::JoinHandle::abort);
        }
        let broken = servers.server("rough").unwrap();
        broken.call("die", json!({})).await.unwrap_err();
        broken.call("echo", json!({ "text": "again" })).await.unwrap();
        assert!(tasks() > before);
        if closed {
            servers.close().await;
            over_http.shutdown(Duration::from_secs(5)).await;
            over_ws.shutdown(Duration::from_secs(5)).await;
        }
        drop((servers, broken));
        until("the end of all processes", Duration::from_secs(20), || processes(&mark) == 0).await;
    }
    until("the end of all tasks", Duration::from_secs(20), || tasks() == before).await;
}

/// The server has closed its half of the connection: nothing comes from it any more, though it could still be written to.
#[tokio::test]
async fn a_connection_of_which_a_half_is_left_is_not_used_again() {
    let wire = Wire::start(|mut stream, message| async move {
        write(&mut stream, "200 OK", "application/json", &done(&message, "poked")).await;
        let _ = stream.shutdown().await;
        tokio::time::sleep(Duration::from_secs(30)).await;
    })
    .await;
    let config = wire.config().retry(RetryCalls::attempts(1)).call_timeout(Duration::from_secs(5));
    let servers = McpServers::builder().server("wire", config).build();
    let server = servers.server("wire").unwrap();
    for _ in 0..5 {
        assert_eq!(server.call("poke", json!({})).await.unwrap().text(), "poked");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_connection_that_is_half_closed_in_the_middle_of_a_call_fails_it_at_once() {
    let wire = Wire::start(|mut stream, _| async move {
        let _ = stream.shutdown().await;
        tokio::time::sleep(Duration::from_secs(30)).await;
    })
    .await;
    let config = wire.config().retry(RetryCalls::attempts(1)).call_timeout(Duration::from_secs(20));
    let servers = McpServers::builder().server("wire", config).build();
    let called = servers.server("wire").unwrap();
    let begun = std::time::Instant::now();
    let error = called.call("poke", json!({})).await.unwrap_err();
    assert!(matches!(error.kind(), McpErrorKind::Closed { .. }), "{error}");
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_calls_all_come_back_over_http_and_websocket() {
    let limits = || Limits::new().calls(20_000).connections(20_000);
    let over_http = server(limits()).0.bind_http("127.0.0.1:0").await.unwrap();
    let over_ws = server(limits()).0.bind_ws("127.0.0.1:0").await.unwrap();
    let ws = ServerConfig::ws(format!("ws://{}/mcp", over_ws.address()));
    let http = ServerConfig::http(format!("http://{}/mcp", over_http.address()));
    // Each call over HTTP that is under way has a connection, and a process has 1,024 files where nobody said otherwise.
    for (config, at_once, all) in [(ws, 10_000, 10_000), (http, 250, 10_000)] {
        let servers = McpServers::builder().server("served", config.call_timeout(Duration::from_secs(120))).build();
        let server = servers.server("served").unwrap();
        let places = std::sync::Arc::new(tokio::sync::Semaphore::new(at_once));
        let mut calls = tokio::task::JoinSet::new();
        for number in 0..all {
            let (server, places) = (server.clone(), std::sync::Arc::clone(&places));
            calls.spawn(async move {
                let _place = places.acquire().await.unwrap();
                let text = "word ".repeat(number % 100);
                let counted = server.call("words", json!({ "text": text })).await.unwrap();
                assert_eq!(counted.structured, Some(json!({ "result": number % 100 })));
            });
        }
        while let Some(call) = calls.join_next().await {
            call.unwrap();
        }
        assert_eq!(server.status().unwrap().in_flight, 0);
        servers.close().await;
    }
    assert_eq!((over_http.calls(), over_ws.calls()), (0, 0));
}
