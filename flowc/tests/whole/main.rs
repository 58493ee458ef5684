//! The engine as its users meet it: one program, because each would link the whole engine again.

#![allow(
    clippy::pedantic,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::async_yields_async,
    clippy::eq_op,
    clippy::manual_unwrap_or_default,
    clippy::multiple_bound_locations,
    missing_docs,
    unreachable_pub,
    dead_code,
    reason = "a test says so by failing, and its nodes do little"
)]

mod cancel;
mod cassettes;
mod changed;
mod durable;
mod engine;
mod forks;
mod json;
mod kinds;
mod kit;
mod language;
mod observe;
mod panics;
mod problem;
mod shutdown;
mod stubs;
mod support;
mod waiting;
