//! MCP for flowc: the tools of every MCP server as steps, and every workflow as a tool.
//!
//! ```no_run
//! use flowc::{Context, node, workflow};
//! use flowc_mcp::{CallOptions, McpError, McpServers};
//! use serde_json::json;
//!
//! #[node]
//! async fn forecast(city: &str, #[resource] servers: &McpServers, #[context] cx: &Context) -> Result<String, McpError> {
//!     let weather = servers.server("weather")?;
//!     let result = weather.call_with("forecast", json!({ "city": city }), &CallOptions::of(cx)).await?;
//!     Ok(result.success()?.text())
//! }
//!
//! workflow! {
//!     pub fn packing_list(city: String) -> String {
//!         forecast(&city)
//!     }
//! }
//!
//! #[derive(flowc::Resources)]
//! struct App {
//!     servers: McpServers,
//! }
//!
//! # #[tokio::main]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let app = App { servers: McpServers::from_file("mcp.json")? };
//! println!("{}", packing_list("Oslo".to_owned()).run(&app).await?);
//! # Ok(())
//! # }
//! ```
//!
//! # Features
//!
//! | feature | default | what it adds |
//! |---|---|---|
//! | `client` | on | calling the tools of servers: [`McpServers`] |
//! | `stdio`, `http`, `ws` | on | the transports |
//! | `tls` | off | `https` and `wss`, with rustls |
//! | `auth` | off | OAuth 2.1, in the module `auth` |
//! | `discovery` | off | finding servers in registries and by server cards, in the module `discovery` |
//! | `watch` | off | following changes of the file of servers |
//! | `server` | off | serving workflows as tools, over all three transports: the module `server` |
//! | `dynamic` | off | tools in a registry of nodes: [`Server::register`] |
//! | `typed` | off | tools as nodes with types: [`mcp!`](typed) |
//!
//! Rust 1.88 or newer, as rmcp asks for it.

// What the transports share is not all used where one of them is left out.
#![cfg_attr(
    not(all(feature = "stdio", feature = "http", feature = "ws")),
    allow(dead_code, unused_imports, unused_variables, unreachable_code, clippy::unused_async)
)]

#[cfg(feature = "auth")]
pub mod auth;
#[cfg(feature = "client")]
mod client;
#[cfg(feature = "client")]
mod config;
#[cfg(feature = "client")]
mod credentials;
#[cfg(feature = "discovery")]
pub mod discovery;
#[cfg(feature = "client")]
mod error;
#[cfg(feature = "client")]
mod link;
#[cfg(feature = "client")]
mod pool;
mod protocol;
#[cfg(feature = "server")]
pub mod server;
#[cfg(feature = "client")]
pub mod typed;

/// The way in for the fuzz targets. It is there in their builds alone.
#[cfg(all(fuzzing, feature = "client"))]
#[doc(hidden)]
pub mod fuzzing {
    pub use crate::link::read_frames as frames;
}

pub use protocol::{ProtocolVersion, UnknownVersion};

#[cfg(feature = "client")]
pub use client::*;
#[cfg(feature = "client")]
pub use config::{ConfigError, PoolSize, RetryCalls, ServerConfig, ServersFile, Settings};
#[cfg(feature = "client")]
pub use credentials::{BoxFuture, Challenge, Credentials};
#[cfg(feature = "client")]
pub use error::{McpError, McpErrorKind};
#[cfg(feature = "client")]
pub use typed::{Snapshot, snapshot};

/// # Example
///
/// ```no_run
/// use flowc::workflow;
/// use flowc_mcp::mcp;
///
/// mcp! {
///     /// The tools of the server `time`.
///     pub mod time = "src/typed/time.json";
/// }
///
/// workflow! {
///     /// The weekday somewhere.
///     pub fn weekday(timezone: String) -> String {
///         let now = time::get_current_time(timezone);
///         now.day_of_week
///     }
/// }
/// ```
///
/// A snapshot that is not there, or cannot be read, does not compile:
///
/// ```compile_fail
/// flowc_mcp::mcp! {
///     mod weather = "no/such/file.json";
/// }
/// ```
#[cfg(feature = "typed")]
pub use flowc_mcp_macros::mcp;
