use std::fmt;
use std::time::Duration;

use crate::engine::ShutdownReport;
use crate::policy::BreakerTransition;

/// Something that happened in an engine, and not in one of its runs alone.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum EngineEvent<'a> {
    /// A breaker of the engine's [shares](crate::Engine::shares) changed its state: by a call, by hand, or by somebody else who has
    /// the same shares. Where the call of a step changed it, its run tells of it as well, with an event of the kind
    /// [`BreakerChanged`](crate::EventKind::BreakerChanged).
    BreakerChanged(&'a BreakerTransition),
    /// The engine is being shut down, and takes no more runs.
    ShutdownStarted {
        /// How many runs are running.
        running: usize,
        /// How long it waits for them.
        limit: Duration,
    },
    /// The engine is shut down.
    ShutdownFinished(&'a ShutdownReport),
}

impl fmt::Display for EngineEvent<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BreakerChanged(BreakerTransition { name, from, to, by_hand, .. }) => {
                let how = if *by_hand { " by hand" } else { "" };
                write!(f, "breaker `{name}` went from {from} to {to}{how}")
            }
            Self::ShutdownStarted { running, limit } => {
                write!(f, "engine shuts down: {running} runs have {limit:.1?} to end")
            }
            Self::ShutdownFinished(report) => write!(f, "engine is shut down: {report}"),
        }
    }
}
