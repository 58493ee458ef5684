//! Nodes, called one at a time: what their policies do, where they run, and what becomes of a panic.
#![allow(clippy::unit_arg, reason = "the inputs of a node without any are `()`")]

mod node_context;
mod node_offload;
mod node_retry;
mod node_timeout;
mod one;
