//! Workflows served over WebSocket, to a client that writes its frames by hand.

use std::time::Duration;

use flowc::Secret;
use flowc_mcp::server::{Auth, Limits};
use flowc_mcp_tests::raw::call;
use flowc_mcp_tests::served::server;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{WebSocketStream, client_async};

type Socket = WebSocketStream<TcpStream>;

async fn connect(address: std::net::SocketAddr, headers: &[(&'static str, &'static str)]) -> Result<Socket, u16> {
    let mut request = format!("ws://{address}/mcp").into_client_request().unwrap();
    for (name, value) in headers {
        request.headers_mut().insert(*name, value.parse().unwrap());
    }
    let stream = TcpStream::connect(address).await.unwrap();
    match client_async(request, stream).await {
        Ok((socket, response)) => {
            assert_eq!(response.headers().get("sec-websocket-protocol").map(|name| name.as_bytes()), Some(&b"mcp"[..]));
            Ok(socket)
        }
        Err(tokio_tungstenite::tungstenite::Error::Http(response)) => Err(response.status().as_u16()),
        Err(error) => panic!("{error}"),
    }
}

async fn say(socket: &mut Socket, message: &Value) {
    socket.send(Message::text(message.to_string())).await.unwrap();
}

/// The next message that is no notification.
async fn hear(socket: &mut Socket) -> Value {
    loop {
        let frame = timeout(Duration::from_secs(20), socket.next()).await.expect("a frame in time");
        let message: Value = serde_json::from_str(frame.unwrap().unwrap().to_text().unwrap()).unwrap();
        if message.get("id").is_some() {
            return message;
        }
    }
}

const MCP: (&str, &str) = ("sec-websocket-protocol", "mcp");

fn hello(version: &str, capabilities: Value) -> Value {
    let client = json!({ "name": "by hand", "version": "1" });
    json!({ "jsonrpc": "2.0", "id": 0, "method": "initialize",
        "params": { "protocolVersion": version, "capabilities": capabilities, "clientInfo": client } })
}

fn plain_call(id: u64, tool: &str, arguments: Value) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "method": "tools/call", "params": { "name": tool, "arguments": arguments } })
}

#[tokio::test(flavor = "multi_thread")]
async fn all_versions_are_spoken() {
    let serving = server(Limits::new()).0.bind_ws("127.0.0.1:0").await.unwrap();
    for version in ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"] {
        let mut socket = connect(serving.address(), &[MCP]).await.unwrap();
        say(&mut socket, &hello(version, json!({}))).await;
        let hello = hear(&mut socket).await;
        assert_eq!(hello["result"]["protocolVersion"], version);
        assert_eq!(hello["result"]["serverInfo"], json!({ "name": "served", "version": "1.2.3" }));
        say(&mut socket, &json!({ "jsonrpc": "2.0", "method": "notifications/initialized" })).await;
        say(&mut socket, &plain_call(1, "words", json!({ "text": "one two" }))).await;
        assert_eq!(hear(&mut socket).await["result"]["content"][0]["text"], "2", "{version}");
    }
    // The newest needs no greeting.
    let mut socket = connect(serving.address(), &[MCP]).await.unwrap();
    say(&mut socket, &call(1, "words", json!({ "text": "one two" }))).await;
    assert_eq!(hear(&mut socket).await["result"]["structuredContent"], json!({ "result": 2 }));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_asked_in_mid_call() {
    let serving = server(Limits::new()).0.bind_ws("127.0.0.1:0").await.unwrap();
    for (answer, result) in [
        (json!({ "action": "accept", "content": { "approved": true } }), Ok(true)),
        (json!({ "action": "accept", "content": { "approved": false } }), Ok(false)),
        (json!({ "action": "decline" }), Err("the person declined to answer")),
    ] {
        let mut socket = connect(serving.address(), &[MCP]).await.unwrap();
        say(&mut socket, &hello("2025-06-18", json!({ "elicitation": {} }))).await;
        hear(&mut socket).await;
        say(&mut socket, &json!({ "jsonrpc": "2.0", "method": "notifications/initialized" })).await;
        say(&mut socket, &plain_call(1, "publish", json!({ "text": "hello" }))).await;
        let question = hear(&mut socket).await;
        assert_eq!(question["method"], "elicitation/create");
        assert_eq!(question["params"]["message"], "Send this? hello");
        say(&mut socket, &json!({ "jsonrpc": "2.0", "id": question["id"], "result": answer })).await;
        let ended = hear(&mut socket).await;
        match result {
            Ok(value) => assert_eq!(ended["result"]["structuredContent"], json!({ "result": value })),
            Err(why) => assert!(ended["result"]["content"][0]["text"].as_str().unwrap().contains(why), "{ended}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_call_and_a_client_that_goes_cancel_their_runs() {
    let (server, cancelled) = server(Limits::new());
    let serving = server.bind_ws("127.0.0.1:0").await.unwrap();
    let until = async |count: usize| {
        let end = Instant::now() + Duration::from_secs(20);
        while cancelled.count() != count || serving.calls() != 0 {
            assert!(Instant::now() < end, "{} of {count}", cancelled.count());
            sleep(Duration::from_millis(5)).await;
        }
    };
    let slow = |id| call(id, "slow", json!({ "steps": 1000, "millis": 100 }));
    let mut socket = connect(serving.address(), &[MCP]).await.unwrap();
    say(&mut socket, &slow(1)).await;
    sleep(Duration::from_millis(200)).await;
    assert_eq!(serving.calls(), 1);
    let cancel = json!({ "jsonrpc": "2.0", "method": "notifications/cancelled", "params": { "requestId": 1, "reason": "enough" } });
    say(&mut socket, &cancel).await;
    until(1).await;
    // The conversation goes on.
    say(&mut socket, &call(2, "words", json!({ "text": "one" }))).await;
    assert_eq!(hear(&mut socket).await["id"], 2);

    say(&mut socket, &slow(3)).await;
    sleep(Duration::from_millis(200)).await;
    assert_eq!(serving.calls(), 1);
    drop(socket);
    until(2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_belong_is_not_let_in() {
    let (server, _) = server(Limits::new().message_bytes(10_000));
    let auth = Auth::tokens("ws://127.0.0.1/mcp", [("alice", Secret::new("good".to_owned()))]);
    let serving = server.auth(auth).bind_ws("127.0.0.1:0").await.unwrap();
    let (address, good) = (serving.address(), ("authorization", "Bearer good"));
    assert_eq!(connect(address, &[MCP]).await.err(), Some(401));
    assert_eq!(connect(address, &[MCP, good, ("origin", "http://evil.example")]).await.err(), Some(403));
    assert_eq!(connect(address, &[MCP, good, ("host", "evil.example")]).await.err(), Some(403));

    // What is no message ends the conversation, and so does one that is too long.
    for bad in ["garbage".to_owned(), call(1, "words", json!({ "text": "x".repeat(20_000) })).to_string()] {
        let mut socket = connect(address, &[MCP, good]).await.unwrap();
        let _ = socket.send(Message::text(bad)).await;
        let end = timeout(Duration::from_secs(20), async { while let Some(Ok(_)) = socket.next().await {} });
        end.await.expect("the server hangs up");
    }
    let mut socket = connect(address, &[MCP, good]).await.unwrap();
    say(&mut socket, &call(1, "words", json!({ "text": "one" }))).await;
    assert_eq!(hear(&mut socket).await["id"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_calls_at_once_in_one_conversation() {
    let serving = server(Limits::new()).0.bind_ws("127.0.0.1:0").await.unwrap();
    let (mut sink, mut stream) = connect(serving.address(), &[MCP]).await.unwrap().split();
    let sending = tokio::spawn(async move {
        for id in 0..1000_u64 {
            let text = "word ".repeat(usize::try_from(id).unwrap());
            sink.send(Message::text(call(id, "words", json!({ "text": text })).to_string())).await.unwrap();
        }
        sink
    });
    let mut seen = std::collections::BTreeSet::new();
    while seen.len() < 1000 {
        let frame = timeout(Duration::from_secs(60), stream.next()).await.expect("a frame in time");
        let message: Value = serde_json::from_str(frame.unwrap().unwrap().to_text().unwrap()).unwrap();
        if let Some(id) = message["id"].as_u64() {
            assert_eq!(message["result"]["structuredContent"], json!({ "result": id }));
            assert!(seen.insert(id), "twice: {id}");
        }
    }
    drop(sending.await.unwrap());
}
