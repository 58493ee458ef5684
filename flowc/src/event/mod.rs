//! What a run tells while it runs.

mod chunk;
mod kind;
mod usage;

use std::sync::Arc;
use std::time::SystemTime;

pub use chunk::{Chunk, Payload};
pub use kind::EventKind;
pub use usage::Usage;

use crate::id::RunId;

/// Something that happened in a run.
///
/// `S` is what names a step: its path for a listener. A [collector](crate::observe::Collector) is told the same events, with a
/// [`StepRef`](crate::observe::StepRef) in its place, whose path is made only when it is asked for.
///
/// With the feature `serde` an event is one flat object, here as JSON. The words and units will not change:
///
/// ```json
/// {"seq":5,"time":"2026-11-25T22:14:23.000000001Z","run":"0198e1a4-5b7c-7d2e-8f00-0123456789ab",
///  "type":"step_finished","step":"answer/docs","elapsed_ms":12.5}
/// ```
#[derive(Debug, Clone)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Event<S = Arc<str>> {
    /// Its number in the run, counted from 0 without gaps. A gap is always preceded by [`EventKind::Lagged`].
    pub seq: u64,
    /// When it happened. Within a run the time never goes back.
    #[cfg_attr(feature = "serde", serde(with = "crate::serial::time"))]
    pub time: SystemTime,
    /// The run.
    pub run: RunId,
    /// What happened.
    #[cfg_attr(feature = "serde", serde(flatten))]
    pub kind: EventKind<S>,
}
