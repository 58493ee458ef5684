//! Spans of runs, steps and attempts, and the log, through the `tracing` crate.
//!
//! The engine speaks only of [`Span`], which is nothing at all without the feature `tracing`.

#[cfg(feature = "tracing")]
mod attempt;
#[cfg(feature = "tracing")]
mod logs;
#[cfg(feature = "tracing")]
mod names;
#[cfg(not(feature = "tracing"))]
mod off;
#[cfg(feature = "tracing")]
mod span;

#[cfg(feature = "tracing")]
pub use logs::Logs;
#[cfg(feature = "otel")]
pub use names::CONVENTIONS;

#[cfg(feature = "tracing")]
pub(crate) use self::{attempt::*, span::*};
#[cfg(not(feature = "tracing"))]
pub(crate) use off::*;
