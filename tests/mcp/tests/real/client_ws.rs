//! WebSockets: who asks, and whether the other side is still there.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use flowc::{AnyError, Secret};
use flowc_mcp::auth::{Client, OAuth};
use flowc_mcp::server::{Auth, Caller, Limits, Rejected};
use flowc_mcp::{
    BoxFuture, Challenge, Credentials, McpErrorKind, McpServers, RetryCalls, Server, ServerConfig, ServersFile,
};
use flowc_mcp_tests::oauth::{Guarded, Person};
use flowc_mcp_tests::peers::{free_port, until};
use flowc_mcp_tests::served::server;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_tungstenite::tungstenite::Message;

fn one(config: ServerConfig) -> (McpServers, Server) {
    let servers = McpServers::builder().server("ws", config).build();
    let server = servers.server("ws").unwrap();
    (servers, server)
}

/// A token that is not good, then one that is.
#[derive(Debug, Default)]
struct Second(Arc<AtomicUsize>);

impl Credentials for Second {
    fn authorization(&self) -> BoxFuture<'_, Result<Option<Secret<String>>, AnyError>> {
        let number = self.0.load(Ordering::Relaxed);
        Box::pin(async move { Ok(Some(Secret::new(format!("Bearer token-{number}")))) })
    }
    fn refused<'a>(&'a self, challenge: &'a Challenge) -> BoxFuture<'a, Result<bool, AnyError>> {
        assert!(challenge.authenticate.as_deref().is_some_and(|asked| asked.contains("resource_metadata")));
        assert!(challenge.url.starts_with("http://"), "{}", challenge.url);
        self.0.fetch_add(1, Ordering::Relaxed);
        Box::pin(async move { Ok(challenge.status == 401) })
    }
}

async fn guarded_by(tokens: &'static [&'static str]) -> (flowc_mcp::server::Serving, String) {
    let port = free_port();
    let auth = Auth::tokens(
        format!("http://127.0.0.1:{port}/mcp"),
        tokens.iter().map(|token| ("alice", Secret::new((*token).to_owned()))),
    );
    let serving = server(Limits::new()).0.auth(auth).bind_ws(&format!("127.0.0.1:{port}")).await.unwrap();
    (serving, format!("ws://127.0.0.1:{port}/mcp"))
}

#[tokio::test(flavor = "multi_thread")]
async fn credentials_that_are_refused_are_renewed_a_few_times() {
    let (_serving, url) = guarded_by(&["token-2"]).await;
    let (_servers, two) = one(ServerConfig::ws(&url).credentials(Second::default()));
    assert_eq!(two.call("words", json!({ "text": "a b" })).await.unwrap().text(), "2");

    let (_serving, url) = guarded_by(&["token-9"]).await;
    let asked = Second::default();
    let times = Arc::clone(&asked.0);
    let (_servers, two) = one(ServerConfig::ws(&url).credentials(asked).retry(RetryCalls::attempts(1)));
    let error = two.call("words", json!({ "text": "a b" })).await.unwrap_err();
    let McpErrorKind::Unauthorized { status: 401, challenge: Some(challenge) } = error.kind() else {
        panic!("{error}");
    };
    assert!(challenge.contains("invalid_token"), "{challenge}");
    assert_eq!(times.load(Ordering::Relaxed), 3);
}

/// A person signs in at the authorization server that the WebSocket server names.
#[tokio::test(flavor = "multi_thread")]
async fn a_person_signs_in_for_a_websocket() {
    let guarded = Arc::new(Guarded::start(Path::new(env!("CARGO_TARGET_TMPDIR"))).await);
    let port = free_port();
    let issued = Arc::clone(&guarded);
    let auth = Auth::new(format!("http://127.0.0.1:{port}/mcp"), move |token: Secret<String>| {
        let issued = Arc::clone(&issued);
        async move {
            let known = issued.secrets().await.contains(token.expose());
            if known { Ok(Caller::new("ada")) } else { Err(Rejected::Invalid) }
        }
    });
    let auth = auth.authorization_server(guarded.origin()).scope("files:read");
    let serving = server(Limits::new()).0.auth(auth).bind_ws(&format!("127.0.0.1:{port}")).await.unwrap();
    let person = Person::default();
    let oauth = OAuth::interactive(Client::new("flowc tests")).browser(person.clone());
    let (_servers, words) = one(ServerConfig::ws(format!("ws://{}/mcp", serving.address())).oauth(oauth));
    assert_eq!(words.call("words", json!({ "text": "a b c" })).await.unwrap().text(), "3");
    assert_eq!(person.times(), 1);
    assert_eq!(guarded.seen().await["resources"], json!([format!("http://127.0.0.1:{port}/mcp")]));
}

/// A server by hand: it shakes hands, and then reads on or does not.
async fn by_hand(reads_on: bool) -> (SocketAddr, Arc<AtomicUsize>, Arc<AtomicBool>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (connections, pinged) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
    let (count, heard) = (Arc::clone(&connections), Arc::clone(&pinged));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            count.fetch_add(1, Ordering::Relaxed);
            let heard = Arc::clone(&heard);
            tokio::spawn(async move {
                let mut socket = tokio_tungstenite::accept_async(stream).await.unwrap();
                while let Some(Ok(frame)) = socket.next().await {
                    if frame.is_ping() {
                        heard.store(true, Ordering::Relaxed);
                    }
                    let message: Value = serde_json::from_str(frame.to_text().unwrap_or("null")).unwrap_or_default();
                    let result = match message["method"].as_str() {
                        Some("initialize") => json!({ "protocolVersion": "2025-11-25",
                            "capabilities": { "tools": {} }, "serverInfo": { "name": "hand", "version": "1" } }),
                        Some("tools/call") if reads_on => {
                            // Longer than anybody would wait for a sign of life.
                            let id = message["id"].clone();
                            let late = tokio::time::sleep(Duration::from_secs(3));
                            tokio::pin!(late);
                            loop {
                                // The library answers pings while it reads.
                                tokio::select! {
                                    frame = socket.next() => match frame {
                                        Some(Ok(frame)) => heard.store(frame.is_ping() || heard.load(Ordering::Relaxed), Ordering::Relaxed),
                                        _ => return,
                                    },
                                    () = &mut late => break,
                                }
                            }
                            let result = json!({ "content": [{ "type": "text", "text": "late" }] });
                            let answer = json!({ "jsonrpc": "2.0", "id": id, "result": result });
                            let _ = socket.send(Message::text(answer.to_string())).await;
                            std::future::pending().await
                        }
                        // It reads no more, and answers no ping.
                        Some("tools/call") => std::future::pending().await,
                        Some("server/discover") => {
                            let error = json!({ "code": -32601, "message": "no such method" });
                            let answer = json!({ "jsonrpc": "2.0", "id": message["id"], "error": error });
                            let _ = socket.send(Message::text(answer.to_string())).await;
                            continue;
                        }
                        _ => continue,
                    };
                    let answer = json!({ "jsonrpc": "2.0", "id": message["id"], "result": result });
                    let _ = socket.send(Message::text(answer.to_string())).await;
                }
            });
        }
    });
    (address, connections, pinged)
}

/// With a short time for a sign of life, as the file of servers says it.
fn impatient(address: SocketAddr) -> (McpServers, Server) {
    let file = json!({ "mcpServers": { "ws": {
        "url": format!("ws://{address}/mcp"),
        "x-flowc": { "pingTimeout": "250ms", "subprotocol": "", "callTimeout": "20s", "retry": { "attempts": 1 } },
    } } });
    let servers = McpServers::builder().file(&ServersFile::text(file.to_string())).unwrap().build();
    let server = servers.server("ws").unwrap();
    (servers, server)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_websocket_whose_other_side_is_silent_is_given_up() {
    let (address, connections, _) = by_hand(false).await;
    let (_servers, server) = impatient(address);
    let started = Instant::now();
    let error = server.call("poke", json!({})).await.unwrap_err();
    assert!(error.to_string().contains("the other side of the WebSocket is silent"), "{error}");
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    until("the end of the connection", Duration::from_secs(5), || server.status().unwrap().connections == 0).await;
    // The next call has a connection of its own.
    server.call("poke", json!({})).await.unwrap_err();
    assert_eq!(connections.load(Ordering::Relaxed), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_websocket_that_answers_pings_is_waited_for() {
    let (address, connections, pinged) = by_hand(true).await;
    let (_servers, server) = impatient(address);
    assert_eq!(server.call("poke", json!({})).await.unwrap().text(), "late");
    assert!(pinged.load(Ordering::Relaxed));
    assert_eq!(connections.load(Ordering::Relaxed), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_a_subprotocol_is_told_apart() {
    let (address, ..) = by_hand(true).await;
    let config = ServerConfig::ws(format!("ws://{address}/mcp")).retry(RetryCalls::attempts(1));
    let (_servers, server) = one(config);
    let error = server.call("poke", json!({})).await.unwrap_err();
    assert!(matches!(error.kind(), McpErrorKind::Connect { .. }), "{error}");
    assert!(error.help().unwrap().contains("`\"subprotocol\": \"\"`"), "{:?}", error.help());
}
