//! Looking at runs from outside: collectors, and what is built on them.
//!
//! A [`Collector`] is told everything that happens in the runs of an engine. The metrics and the progress display of this crate are
//! collectors as well, written on the same public trait:
//!
//! ```
//! use std::sync::Arc;
//! use std::sync::atomic::{AtomicU64, Ordering};
//!
//! use flowc::observe::{Collector, Observation, RunInfo};
//! use flowc::{Engine, EventKind, node, workflow};
//!
//! /// Counts the steps that failed.
//! #[derive(Default)]
//! struct Failures(AtomicU64);
//!
//! impl Collector for Failures {
//!     fn on_event(&self, run: &RunInfo<'_>, event: &Observation<'_>) {
//!         if let EventKind::StepFailed { step, kind, .. } = &event.kind {
//!             println!("{}: {step} failed: {kind}", run.id);
//!             self.0.fetch_add(1, Ordering::Relaxed);
//!         }
//!     }
//! }
//!
//! #[node]
//! fn parse(text: &str) -> Result<u32, std::num::ParseIntError> {
//!     text.parse()
//! }
//! workflow! {
//!     fn read(text: String) -> u32 { parse(&text) }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let failures = Arc::new(Failures::default());
//! let engine = Engine::builder().resources(()).collector(Arc::clone(&failures)).build();
//! assert!(engine.start(read("many".to_owned())).await.is_err());
//! assert_eq!(failures.0.load(Ordering::Relaxed), 1);
//! # }
//! ```

mod collectors;
mod engine;
#[cfg(feature = "metrics")]
mod metrics;
#[cfg(feature = "progress")]
mod progress;
#[cfg(feature = "prometheus")]
mod prometheus;
mod step;
#[cfg(all(test, feature = "prometheus"))]
mod tests;

use std::sync::Arc;
use std::time::SystemTime;

#[cfg(feature = "metrics")]
pub use self::metrics::Metrics;
#[cfg(feature = "progress")]
pub use self::progress::Progress;
#[cfg(feature = "prometheus")]
pub use self::prometheus::{Prometheus, PrometheusError};
pub(crate) use collectors::Collectors;
pub use engine::EngineEvent;
pub use step::StepRef;
pub(crate) use step::{Held, Path, Place, Source};

#[cfg(feature = "tracing")]
pub use crate::trace::Logs;

use crate::event::Event;
use crate::graph::GraphSpec;
use crate::id::RunId;

/// Is told everything that happens in the runs of an engine; [`Builder::collector`](crate::Builder::collector) installs it.
///
/// It is called where things happen, in the task of the run, before the run goes on. Of one run it hears in the order of
/// [`Event::seq`], one event at a time; several runs call it at once. So it must be quick and must not block: count, copy what is
/// needed, send it elsewhere. It must not emit or tell progress through a [`Context`](crate::Context) of the run that it is told
/// of, which would wait for itself.
///
/// A panic in it is caught and counted, and does not reach the run. A collector that panics again and again is not called any more;
/// [`Engine::collector_panics`](crate::Engine::collector_panics) says how often it happened.
pub trait Collector: Send + Sync + 'static {
    /// Something happened in a run. The last event is one that [is the last](crate::EventKind::is_last); after it only
    /// [`Lagged`](crate::EventKind::Lagged) may be told, once for each time that a listener was found to be too slow.
    fn on_event(&self, run: &RunInfo<'_>, event: &Observation<'_>);

    /// Something happened in the engine that is no event of a run: a breaker was forced by hand, say, or the engine is shut down. It
    /// is called where that happens, so the same holds for it. If not said, nothing is done.
    fn on_engine_event(&self, event: &EngineEvent<'_>) {
        let _ = event;
    }
}

impl<C: Collector + ?Sized> Collector for Arc<C> {
    fn on_event(&self, run: &RunInfo<'_>, event: &Observation<'_>) {
        (**self).on_event(run, event);
    }

    fn on_engine_event(&self, event: &EngineEvent<'_>) {
        (**self).on_engine_event(event);
    }
}

/// An event as a collector is told it.
pub type Observation<'a> = Event<StepRef<'a>>;

impl Observation<'_> {
    /// The event as listeners get it, with the path of its step.
    pub fn to_event(&self) -> Event {
        Event {
            seq: self.seq,
            time: self.time,
            run: self.run,
            kind: self.kind.clone().named(|step| step.shared_path()),
        }
    }
}

/// The run that an event is of.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct RunInfo<'a> {
    /// Its id.
    pub id: RunId,
    /// The workflow that it runs.
    pub graph: &'static GraphSpec,
    /// What the caller gave the run to be found by elsewhere.
    pub correlation_id: Option<&'a str>,
    /// When it began.
    pub started: SystemTime,
}
