//! A server that misbehaves at will.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::thread;
use std::time::Duration;

/// A server that takes one request, answers these bytes, and hangs up after `wait`.
pub(crate) fn one_reply(reply: impl Into<Vec<u8>>, wait: Duration) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let reply = reply.into();
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        stream.set_read_timeout(Some(Duration::from_millis(300))).unwrap();
        // The request is read to its end, or the hang-up would be a reset.
        let _ = stream.read_to_end(&mut Vec::new());
        let _ = stream.write_all(&reply);
        thread::sleep(wait);
    });
    address
}

/// A whole HTTP response.
pub(crate) fn response(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n{headers}connection: close\r\n\r\n{body}", body.len())
}
