//! Real servers and clients of the protocol: one program, because each would link the whole of it again.

#![allow(
    clippy::pedantic,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::print_stdout,
    missing_docs
)]

mod auth_config;
mod auth_tokens;
mod client_config;
mod client_conformance;
mod client_faults;
mod client_http;
mod client_servers;
mod client_tls;
mod client_ws;
mod discovery;
mod flowc_peers;
mod leaks;
mod person;
mod python_chapter;
mod registry;
mod server_conformance;
mod server_http;
mod server_peers;
mod server_ws;
mod tasks;
mod typed_real;
