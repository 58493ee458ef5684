//! HTTP servers that misbehave, byte by byte.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use flowc::policy::Retryable;
use flowc::{AnyError, Secret};
use flowc_mcp::{
    BoxFuture, CallOptions, Challenge, Credentials, McpError, McpErrorKind, McpServers, RetryCalls, Server,
    ServerConfig,
};
use flowc_mcp_tests::wire::{Wire, done, write};
use serde_json::json;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

fn one(config: ServerConfig) -> (McpServers, Server) {
    let config = config.retry(RetryCalls::attempts(1)).call_timeout(Duration::from_secs(5));
    let servers = McpServers::builder().server("wire", config).build();
    let server = servers.server("wire").unwrap();
    (servers, server)
}

async fn poke(server: &Server) -> Result<String, McpError> {
    Ok(server.call("poke", json!({})).await?.text())
}

/// Answers with these bytes and closes.
async fn raw(bytes: &'static str) -> Wire {
    Wire::start(move |mut stream: TcpStream, _| async move {
        let _ = stream.write_all(bytes.as_bytes()).await;
    })
    .await
}

#[tokio::test]
async fn one_connection_serves_calls_one_after_the_other() {
    let wire = Wire::start(|mut stream, message| async move {
        write(&mut stream, "200 OK", "application/json", &done(&message, "poked")).await;
        tokio::time::sleep(Duration::from_secs(20)).await;
    })
    .await;
    let (_servers, server) = one(wire.config());
    assert_eq!(poke(&server).await.unwrap(), "poked");
    assert_eq!(wire.connections.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn a_wrong_content_type_is_told() {
    let wire = raw("HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 4\r\n\r\nhaha").await;
    let (_servers, server) = one(wire.config());
    let error = poke(&server).await.unwrap_err();
    assert!(matches!(error.kind(), McpErrorKind::Garbled { reason } if reason.contains("`text/html`")), "{error}");
}

#[tokio::test]
async fn a_stream_that_is_cut_off_fails_its_call_and_the_next_one_works() {
    let calls = Arc::new(AtomicUsize::new(0));
    let wire = Wire::start(move |mut stream, message| {
        let first = calls.fetch_add(1, Ordering::Relaxed) == 0;
        async move {
            if first {
                let _ = stream
                    .write_all(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\ndata: {\"jsonrpc\"")
                    .await;
            } else {
                let event = format!("event: message\ndata: {}\n\n", done(&message, "whole"));
                let head = format!(
                    "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: {}\r\n\r\n",
                    event.len()
                );
                let _ = stream.write_all(format!("{head}{event}").as_bytes()).await;
            }
        }
    })
    .await;
    let (_servers, server) = one(wire.config());
    let error = poke(&server).await.unwrap_err();
    assert!(matches!(error.kind(), McpErrorKind::Closed { .. }), "{error}");
    assert_eq!(poke(&server).await.unwrap(), "whole");
}

#[tokio::test]
async fn a_slow_loris_is_not_waited_for() {
    let wire = Wire::start(|mut stream: TcpStream, _| async move {
        let _ = stream
            .write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n\r\n")
            .await;
        while stream.write_all(b" ").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    })
    .await;
    let (_servers, server) = one(wire.config());
    let started = Instant::now();
    let error =
        server.call_with("poke", json!({}), &CallOptions::new().timeout(Duration::from_millis(700))).await.unwrap_err();
    assert!(matches!(error.kind(), McpErrorKind::Timeout { .. }), "{error}");
    assert!(started.elapsed() < Duration::from_secs(3));
}

#[tokio::test]
async fn an_answer_that_is_too_long_is_not_kept() {
    for kind in ["application/json", "text/event-stream"] {
        let wire = Wire::start(move |mut stream: TcpStream, _| async move {
            let head = format!("HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ncontent-length: 104857600\r\n\r\ndata: ");
            let _ = stream.write_all(head.as_bytes()).await;
            let chunk = vec![b'x'; 1 << 20];
            for _ in 0..100 {
                if stream.write_all(&chunk).await.is_err() {
                    break;
                }
            }
        })
        .await;
        let (_servers, server) = one(wire.config().max_message(1 << 20));
        let error = poke(&server).await.unwrap_err();
        assert!(matches!(error.kind(), McpErrorKind::TooLarge { .. }), "{kind}: {error}");
    }
}

#[tokio::test]
async fn a_busy_server_is_asked_again_when_it_says() {
    let calls = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&calls);
    let wire = Wire::start(move |mut stream, message| {
        let first = count.fetch_add(1, Ordering::Relaxed) == 0;
        async move {
            if first {
                let _ = stream
                    .write_all(b"HTTP/1.1 429 Too Many Requests\r\nretry-after: 1\r\ncontent-length: 0\r\n\r\n")
                    .await;
            } else {
                write(&mut stream, "200 OK", "application/json", &done(&message, "at last")).await;
            }
        }
    })
    .await;
    let servers = McpServers::builder().server("wire", wire.config()).build();
    let server = servers.server("wire").unwrap();
    let started = Instant::now();
    assert_eq!(poke(&server).await.unwrap(), "at last");
    assert!(started.elapsed() >= Duration::from_secs(1));
    assert_eq!(calls.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn an_error_of_the_server_is_told_with_its_words_but_without_keys() {
    let wire = raw("HTTP/1.1 500 Internal Server Error\r\ncontent-type: text/plain\r\ncontent-length: 25\r\n\r\nbad key s3cret-key, sorry").await;
    let (_servers, server) = one(wire.config().bearer("s3cret-key"));
    let error = poke(&server).await.unwrap_err();
    assert!(matches!(error.kind(), McpErrorKind::Status { status: 500, .. }), "{error}");
    assert!(error.to_string().contains("bad key [redacted], sorry"), "{error}");
    assert!(error.is_retryable());
}

#[tokio::test]
async fn nobody_there_is_told_and_may_be_tried_again() {
    let port = flowc_mcp_tests::peers::free_port();
    let (_servers, server) = one(ServerConfig::http(format!("http://127.0.0.1:{port}/mcp")));
    let error = poke(&server).await.unwrap_err();
    assert!(matches!(error.kind(), McpErrorKind::Connect { .. }), "{error}");
    assert!(error.to_string().contains("refused") && error.is_retryable(), "{error}");
}

#[derive(Debug, Default)]
struct Renewed(Arc<AtomicUsize>);

impl Credentials for Renewed {
    fn authorization(&self) -> BoxFuture<'_, Result<Option<Secret<String>>, AnyError>> {
        let number = self.0.load(Ordering::Relaxed);
        Box::pin(async move { Ok(Some(Secret::new(format!("Bearer token-{number}")))) })
    }
    fn refused<'a>(&'a self, challenge: &'a Challenge) -> BoxFuture<'a, Result<bool, AnyError>> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Box::pin(async move { Ok(challenge.status == 401) })
    }
}

#[tokio::test]
async fn credentials_that_are_refused_are_renewed_a_few_times() {
    let calls = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&calls);
    let wire = Wire::start(move |mut stream: TcpStream, _| {
        count.fetch_add(1, Ordering::Relaxed);
        async move {
            let _ = stream.write_all(b"HTTP/1.1 401 Unauthorized\r\nwww-authenticate: Bearer\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").await;
        }
    })
    .await;
    let renewed = Renewed::default();
    let renewals = Arc::clone(&renewed.0);
    let (_servers, server) = one(wire.config().credentials(renewed));
    let error = poke(&server).await.unwrap_err();
    assert!(matches!(error.kind(), McpErrorKind::Unauthorized { status: 401, .. }), "{error}");
    assert_eq!((renewals.load(Ordering::Relaxed), calls.load(Ordering::Relaxed)), (3, 4));
    assert!(error.help().is_some() && !error.is_retryable());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_seventeenth_call_does_not_wait_for_the_first() {
    let begun = Arc::new(tokio::sync::Semaphore::new(0));
    let count = Arc::clone(&begun);
    let wire = Wire::start(move |mut stream, message| {
        let begun = Arc::clone(&count);
        async move {
            begun.add_permits(1);
            // All of them have to be there before one is answered.
            let all = begun.acquire_many(100).await.unwrap();
            drop(all);
            write(&mut stream, "200 OK", "application/json", &done(&message, "all")).await;
        }
    })
    .await;
    let (_servers, server) = one(wire.config());
    let calls: Vec<_> = (0..100)
        .map(|_| {
            let server = server.clone();
            tokio::spawn(async move { poke(&server).await.unwrap() })
        })
        .collect();
    for call in calls {
        assert_eq!(call.await.unwrap(), "all");
    }
}
