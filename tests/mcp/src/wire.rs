//! A server that answers HTTP requests with exactly the bytes that a test wants, for what no honest server does.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What is done with a call of a tool: the connection, and the message.
pub type Answer = Arc<dyn Fn(TcpStream, Value) -> std::pin::Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync>;

/// It shakes hands like an honest server of 2025-11-25, and then does what it was told.
pub struct Wire {
    pub port: u16,
    /// How many connections there were.
    pub connections: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

impl Wire {
    pub async fn start<F>(answer: impl Fn(TcpStream, Value) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let answer: Answer = Arc::new(move |stream, message| Box::pin(answer(stream, message)));
        let connections = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&connections);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::Relaxed);
                tokio::spawn(serve(stream, Arc::clone(&answer)));
            }
        });
        Self { port, connections, task }
    }

    pub fn config(&self) -> flowc_mcp::ServerConfig {
        flowc_mcp::ServerConfig::http(format!("http://127.0.0.1:{}/mcp", self.port))
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(mut stream: TcpStream, answer: Answer) {
    while let Some(message) = request(&mut stream).await {
        let id = message["id"].clone();
        let result = match message["method"].as_str() {
            Some("initialize") => json!({
                "protocolVersion": "2025-11-25",
                "capabilities": { "tools": {} },
                "serverInfo": { "name": "wire", "version": "1" },
            }),
            Some("tools/list") => json!({ "tools": [{ "name": "poke", "inputSchema": { "type": "object" } }] }),
            Some("ping") => json!({}),
            Some("tools/call") => return answer(stream, message).await,
            Some("server/discover") => {
                let body =
                    json!({ "jsonrpc": "2.0", "id": id, "error": { "code": -32601, "message": "no such method" } });
                write(&mut stream, "200 OK", "application/json", &body.to_string()).await;
                continue;
            }
            _ => {
                write(&mut stream, "202 Accepted", "text/plain", "").await;
                continue;
            }
        };
        let body = json!({ "jsonrpc": "2.0", "id": id, "result": result });
        write(&mut stream, "200 OK", "application/json", &body.to_string()).await;
    }
}

/// A result of a tool, as the text of a message.
pub fn done(message: &Value, text: &str) -> String {
    let result = json!({ "content": [{ "type": "text", "text": text }], "isError": false });
    json!({ "jsonrpc": "2.0", "id": message["id"], "result": result }).to_string()
}

/// Writes a whole answer.
pub async fn write(stream: &mut TcpStream, status: &str, kind: &str, body: &str) {
    let head = format!("HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n\r\n", body.len());
    let _ = stream.write_all(format!("{head}{body}").as_bytes()).await;
}

/// The message of the next request; `Null` if it has none.
async fn request(stream: &mut TcpStream) -> Option<Value> {
    let mut bytes = Vec::new();
    loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
            let length: usize = length.unwrap_or(0);
            if bytes.len() >= end + 4 + length {
                return Some(serde_json::from_slice(&bytes[end + 4..end + 4 + length]).unwrap_or_default());
            }
        }
        let mut chunk = [0; 4096];
        match stream.read(&mut chunk).await {
            Ok(0) | Err(_) => return None,
            Ok(length) => bytes.extend_from_slice(&chunk[..length]),
        }
    }
}
