//! What the checks of flowc-mcp share: real MCP servers and clients, installed below the target folder where they are missing.
//!
//! A test fails, with what to do, where that cannot be done; it never passes without having run.

// This crate is a test: a panic is how it reports.
#![allow(
    clippy::pedantic,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

pub mod beside;
pub mod changing;
pub mod fixture;
pub mod install;
pub mod keys;
pub mod oauth;
pub mod peers;
pub mod raw;
pub mod scenarios;
pub mod served;
pub mod tasks;
pub mod wire;

/// The chapters of the guide, whose code is compiled.
#[doc = include_str!("../../../docs/guide/calling-tools.md")]
mod calling_tools {}
#[doc = include_str!("../../../docs/guide/authentication.md")]
mod authentication {}
#[doc = include_str!("../../../docs/guide/typed-tools.md")]
mod typed_tools {}
#[doc = include_str!("../../../docs/guide/python-servers.md")]
mod python_servers {}
#[doc = include_str!("../../../docs/guide/serving-workflows.md")]
mod serving_workflows {}
