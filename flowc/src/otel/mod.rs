//! Sends the spans of runs to an OpenTelemetry collector, with the feature `otel`.
//!
//! One line does it:
//!
//! ```no_run
//! # fn main() -> Result<(), flowc::otel::OtelError> {
//! let _otel = flowc::otel::install(flowc::otel::OtelConfig::from_env())?;
//! // .. start an engine, and run workflows ..
//! # Ok(())
//! # }
//! ```
//!
//! The spans leave in the background, over HTTP with Protocol Buffers, from a thread of their own that needs no runtime. Keep what
//! [`install`] gives until the program ends: dropping it sends what is left.
//!
//! A program that has a subscriber of its own, for its logs say, adds a layer to it instead; see [`Otel::layer`].

mod client;
mod config;
mod error;
mod exporter;
mod parent;

pub use config::OtelConfig;
pub use error::OtelError;
pub use exporter::{Otel, install};

pub use crate::trace::CONVENTIONS;

pub(crate) use parent::{current, follow};
