//! All that changes while a run goes on, behind one lock that is held for moments only.

use std::time::Duration;

use tokio::time::Instant;

use super::log::Log;
use super::plan::{Kept, Key};
use super::status::RunState;
use super::steps::Steps;

pub(super) struct Ledger {
    pub(super) log: Log,
    pub(super) steps: Steps,
    pub(super) state: RunState,
    /// How long it ran, once it is over.
    pub(super) elapsed: Option<Duration>,
    pub(super) kept: Vec<(Key, Kept)>,
}

/// A call of a step that has begun.
pub(super) struct Ticket {
    pub(super) row: Option<usize>,
    pub(super) started: Instant,
    /// Made only where somebody listens.
    pub(super) path: Option<crate::observe::Path>,
}
