//! The served workflows as a program: `served stdio`, `served http 127.0.0.1:0`, `served ws 127.0.0.1:0`.
//! Over a network it first says where it listens.

// A program of the tests: a panic is how it reports.
#![allow(clippy::expect_used, clippy::panic, clippy::print_stdout)]

use std::io::Write;

use flowc_mcp::server::Limits;
use flowc_mcp_tests::served::server;

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (server, _) = server(Limits::new());
    let serving = match arguments[..] {
        ["stdio", ..] => return server.serve_stdio().await.expect("a client that speaks MCP"),
        ["http", address] => server.bind_http(address).await.expect("a free address"),
        ["ws", address] => server.bind_ws(address).await.expect("a free address"),
        _ => panic!("stdio, http ADDRESS or ws ADDRESS"),
    };
    println!("{}", serving.address());
    std::io::stdout().flush().expect("somebody who reads");
    serving.ended().await;
}
