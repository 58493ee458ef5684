//! Models of all providers, on a real server that speaks their protocols, and on one that misbehaves.

#![allow(
    clippy::pedantic,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    missing_docs
)]

mod agents;
mod chats;
mod faults;
mod llama;
mod refusals;
mod retrieval;
mod steps;
mod summaries;
mod vectors;
