//! A server that sends what it is told, byte for byte, whatever it is asked.

use std::future::Future;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Starts one on a port of this machine; `say` has each connection, once its request is there.
pub async fn start<F: Future<Output = ()> + Send>(say: impl Fn(TcpStream) -> F + Clone + Send + Sync + 'static) -> u16 {
    listening(move |stream, _| say(stream)).await
}

async fn listening<F: Future<Output = ()> + Send>(
    say: impl Fn(TcpStream, String) -> F + Clone + Send + Sync + 'static,
) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("its number").port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let say = say.clone();
            tokio::spawn(async move {
                let mut request = Vec::new();
                // The requests of these tests are short; their end is that of the JSON.
                while !request.ends_with(b"}") {
                    let mut piece = [0; 4096];
                    match stream.read(&mut piece).await {
                        Ok(0) | Err(_) => return,
                        Ok(length) => request.extend_from_slice(&piece[..length]),
                    }
                }
                say(stream, String::from_utf8_lossy(&request).into_owned()).await;
            });
        }
    });
    port
}

/// One that answers with these bytes and closes the connection.
pub async fn saying(answer: impl Into<Vec<u8>>) -> u16 {
    let answer = std::sync::Arc::new(answer.into());
    start(move |mut stream| {
        let answer = answer.clone();
        async move {
            let _ = stream.write_all(&answer).await;
            let _ = stream.shutdown().await;
        }
    })
    .await
}

/// One that answers so, and keeps what it was asked, as it came.
pub async fn hearing(answer: impl Into<Vec<u8>>) -> (u16, Asked) {
    let (answer, asked) = (std::sync::Arc::new(answer.into()), Asked::default());
    let heard = asked.clone();
    let port = listening(move |mut stream, request| {
        let answer = answer.clone();
        if let Ok(mut asked) = heard.lock() {
            asked.push(request);
        }
        async move {
            let _ = stream.write_all(&answer).await;
            let _ = stream.shutdown().await;
        }
    })
    .await;
    (port, asked)
}

/// Requests, as they came.
pub type Asked = std::sync::Arc<std::sync::Mutex<Vec<String>>>;

/// An answer of HTTP with this body.
pub fn answer(status: &str, headers: &[&str], body: &str) -> String {
    let headers: String = headers.iter().map(|header| format!("{header}\r\n")).collect();
    format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\n\r\n{body}", body.len())
}
