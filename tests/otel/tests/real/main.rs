//! What an engine tells a log and a receiver of traces.

#![allow(
    clippy::pedantic,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::unused_async
)]

mod logs;
mod receiver;
mod secrets;
mod spans;
