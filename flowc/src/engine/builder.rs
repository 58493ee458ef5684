use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::Engine;
use super::defaults::Defaults;
use super::handle::StepHandle;
use super::plan::Plan;
use crate::observe::Collector;
use crate::policy::Shares;
use crate::step::{Step, Workflow};

/// Makes an [`Engine`]. `S` is what it knows of the resources: [`NeedsResources`], or [`Ready`] with them.
#[must_use = "a builder does nothing until `.build()`"]
pub struct Builder<S> {
    state: S,
    pub(super) plan: Plan,
}

/// The builder has no resources yet: `.resources(app)` gives them, `.resources(())` where there are none.
#[derive(Debug)]
pub struct NeedsResources(());

/// The builder has all that it needs.
pub struct Ready<R>(Arc<R>);

/// The builder has a journal as well.
#[cfg(feature = "journal")]
pub struct Journaling<R> {
    resources: Arc<R>,
    journal: Arc<dyn crate::journal::Journal>,
    payload_limit: usize,
}

/// What a step of a durable run may give at most, if nothing is said: 16 MiB.
#[cfg(feature = "journal")]
const PAYLOAD: usize = 16 * 1024 * 1024;

impl Builder<NeedsResources> {
    pub(super) fn new() -> Self {
        Self { state: NeedsResources(()), plan: Plan::new() }
    }

    /// The application: what the nodes' `#[resource]` parameters are taken from. The engine owns it.
    pub fn resources<R: Send + Sync + 'static>(self, app: R) -> Builder<Ready<R>> {
        self.shared_resources(Arc::new(app))
    }

    /// The application, where others have it too.
    pub fn shared_resources<R: Send + Sync + 'static>(self, app: Arc<R>) -> Builder<Ready<R>> {
        Builder { state: Ready(app), plan: self.plan }
    }
}

impl<S> Builder<S> {
    /// Keeps the output of a step, for [`Run::output`](super::Run::output). It is kept wherever the workflow runs, also as a
    /// step of another; of several outputs the last one is kept.
    pub fn keep<W, T, const VERTEX: u32>(mut self, step: StepHandle<W, T, VERTEX>) -> Self
    where
        W: Workflow,
        T: Step,
        T::Output: Clone,
    {
        self.plan.keep(step);
        self
    }

    /// How many events a run holds for listeners that are slow; 1024 if not said. When there are more, the oldest go.
    pub fn event_capacity(mut self, events: usize) -> Self {
        self.plan.capacity = events;
        self
    }

    /// Each run may take this long, unless it was given a time of its own with
    /// [`timeout`](crate::Prepared::timeout) or [`deadline`](crate::Prepared::deadline).
    pub fn run_timeout(mut self, limit: Duration) -> Self {
        self.plan.run_timeout = Some(limit);
        self
    }

    /// The [clean-ups](crate::Context::on_cancel) of a step may take this long; 5 seconds if not said.
    pub fn cleanup_timeout(mut self, limit: Duration) -> Self {
        self.plan.cleanup_timeout = Some(limit);
        self
    }

    /// Holds the latest events of a run though nobody listens, so that a listener who comes late, or comes back, finds them:
    /// [`Watch::events_from`](super::Watch::events_from). If not said, a run whose last listener has gone forgets its events.
    pub fn keep_events(mut self) -> Self {
        self.plan.keep_events = true;
        self
    }

    /// Tells `collector` everything that happens in the runs of the engine. There may be several, called in the order in which
    /// they were given; keep an `Arc` of one to ask it later.
    pub fn collector(mut self, collector: impl Collector) -> Self {
        self.plan.collectors.add(collector);
        self
    }

    /// What is done for all nodes, where neither a node nor a step says something of its own.
    pub fn defaults(mut self, defaults: Defaults) -> Self {
        self.plan.defaults = defaults;
        self
    }

    /// Where breakers, limiters, bulkheads and caches are found by name; if not said, the engine has them for itself. Two engines that are
    /// given clones of the same one share them.
    pub fn shares(mut self, shares: Shares) -> Self {
        self.plan.shares = shares;
        self
    }

    /// Counts runs, steps, policies and tokens for the recorder of the `metrics` crate that the program has installed: see
    /// [`Metrics`](crate::observe::Metrics).
    #[cfg(feature = "metrics")]
    pub fn metrics(self) -> Self {
        self.collector(crate::observe::Metrics::new())
    }

    /// Counts runs, steps, policies and tokens, and answers `GET /metrics` at this address for Prometheus: see
    /// [`Prometheus`](crate::observe::Prometheus).
    ///
    /// ```no_run
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let engine = flowc::Engine::builder().resources(()).prometheus("127.0.0.1:9464")?.build();
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// The address cannot be read, or not be listened at.
    #[cfg(feature = "prometheus")]
    pub fn prometheus(self, address: &str) -> Result<Self, crate::observe::PrometheusError> {
        Ok(self.collector(crate::observe::Prometheus::listen(address)?))
    }

    /// Shows the steps of all runs on the terminal while they run: see [`Progress`](crate::observe::Progress).
    #[cfg(feature = "progress")]
    pub fn progress(self) -> Self {
        self.collector(crate::observe::Progress::new())
    }
}

impl<R: Send + Sync + 'static> Builder<Ready<R>> {
    /// The engine.
    pub fn build(self) -> Engine<R> {
        Engine::new(self.state.0, self.plan)
    }

    /// Keeps the runs in a journal, so that they survive the end of the process. What the steps of a workflow give must be storable
    /// then: see [`journal`](crate::journal).
    #[cfg(feature = "journal")]
    pub fn journal(self, journal: impl crate::journal::Journal) -> Builder<Journaling<R>> {
        let (resources, journal) = (self.state.0, Arc::new(journal));
        Builder { state: Journaling { resources, journal, payload_limit: PAYLOAD }, plan: self.plan }
    }
}

#[cfg(feature = "journal")]
impl<R: Send + Sync + 'static> Builder<Journaling<R>> {
    /// The engine.
    pub fn build(self) -> super::DurableEngine<R> {
        let Journaling { resources, journal, payload_limit } = self.state;
        super::DurableEngine::new(Engine::new(resources, self.plan), journal, payload_limit)
    }

    /// So many bytes at most may a step give, as JSON; 16 MiB if not said. A run with a step that gives more fails at that step, with a text
    /// that says so: keep what is large elsewhere, and give where it is.
    pub fn payload_limit(mut self, bytes: usize) -> Self {
        self.state.payload_limit = bytes;
        self
    }
}

#[cfg(feature = "journal")]
impl<R> fmt::Debug for Journaling<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Journaling(..)")
    }
}

impl<R> fmt::Debug for Ready<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ready(..)")
    }
}

impl<S: fmt::Debug> fmt::Debug for Builder<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder").field("state", &self.state).finish_non_exhaustive()
    }
}
