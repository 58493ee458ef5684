//! What is known of a server.

use flowc::policy::BreakerState;

use crate::{McpError, ProtocolVersion};

/// What a server says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServerInfo {
    /// Its name.
    pub name: Option<String>,
    /// Its version.
    pub version: Option<String>,
    /// The version of the protocol that was agreed on.
    pub protocol: Option<ProtocolVersion>,
    /// How it wants to be used.
    pub instructions: Option<String>,
}

/// How it stands with a server.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ServerStatus {
    /// The name that it has here.
    pub name: String,
    /// `stdio`, `http` or `ws`.
    pub transport: &'static str,
    /// What it does.
    pub state: ServerState,
    /// What it says of itself, and the version of the protocol, as of the last connection.
    pub info: Option<ServerInfo>,
    /// How many connections or processes there are.
    pub connections: usize,
    /// How many calls wait for their answers.
    pub in_flight: usize,
    /// How its breaker stands, if it has one.
    pub breaker: Option<BreakerState>,
    /// Why it could not be reached, the last time.
    pub last_error: Option<McpError>,
}

/// What a server does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ServerState {
    /// Nobody has needed it yet, or its connection ended, and nobody has needed it since.
    Idle,
    /// It is started, or reached.
    Connecting,
    /// It can be called.
    Ready,
    /// It could not be reached. The next call tries it again.
    Failed,
    /// It is not there any more.
    Closed,
}
