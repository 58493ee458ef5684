//! What an engine shows of itself, read by those who would.

#![allow(
    clippy::pedantic,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::cast_precision_loss
)]

mod counts;
mod progress;
mod scrape;
mod status;
