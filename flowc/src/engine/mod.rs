//! Running workflows in tasks of their own, observed.

mod builder;
mod core;
mod driver;
mod handle;
mod ledger;
mod log;
mod observed;
mod plan;
#[cfg(feature = "testing")]
mod props;
mod run;
mod sink;
mod status;
mod steps;
mod watch;

pub use builder::{Builder, NeedsResources, Ready};
pub use handle::StepHandle;
pub use observed::{Observed, Watched};
pub use run::{Ended, Run};
pub use status::{RunState, RunStatus, StepState, StepStatus};
pub use watch::{Events, Watch};

use std::fmt;
use std::sync::Arc;

use tokio::runtime::Handle;

use self::core::Core;
use self::plan::Plan;
use crate::error::FailureKind;
use crate::prepared::{Correlation, Prepared};
use crate::step::{ResourcesFrom, Workflow};

/// Starts runs in tasks of their own and watches them.
///
/// An engine owns the application's resources. It is cheap to clone, and all clones are the same engine.
///
/// ```
/// use flowc::Engine;
///
/// struct App {
///     index: Vec<String>,
/// }
///
/// let engine = Engine::builder().resources(App { index: vec![] }).build();
/// assert!(engine.resources().index.is_empty());
/// ```
///
/// Without resources there is nothing to build, and the compiler says so:
///
/// ```compile_fail,E0599
/// let engine = flowc::Engine::builder().build();
/// ```
pub struct Engine<R> {
    shared: Arc<Shared<R>>,
}

struct Shared<R> {
    resources: Arc<R>,
    plan: Arc<Plan>,
}

impl Engine<()> {
    /// What an engine is made from.
    pub fn builder() -> Builder<NeedsResources> {
        Builder::new()
    }
}

impl<R: Send + Sync + 'static> Engine<R> {
    fn new(resources: Arc<R>, plan: Plan) -> Self {
        Self { shared: Arc::new(Shared { resources, plan: Arc::new(plan) }) }
    }

    /// The application.
    pub fn resources(&self) -> &R {
        &self.shared.resources
    }

    /// How often a [collector](crate::observe::Collector) panicked. One that does so again and again is not called any more.
    pub fn collector_panics(&self) -> u64 {
        self.shared.plan.collectors.panics()
    }

    /// Starts a run in a task of its own. It ends when its handle is dropped, unless that is [detached](Run::detach).
    ///
    /// Outside of a tokio runtime there is no task to be had: the run then ends at once with a failure of the kind
    /// [`Runtime`](FailureKind::Runtime).
    pub fn start<W, C>(&self, workflow: Prepared<'static, W, C>) -> Run<W>
    where
        W: Workflow + ResourcesFrom<R>,
        C: Correlation,
    {
        let Prepared { input, correlation } = workflow;
        let core = Arc::new(Core::new::<W>(Arc::clone(&self.shared.plan), correlation.into_id()));
        let run = Arc::clone(&core);
        let resources = Arc::clone(&self.shared.resources);
        if let Ok(runtime) = Handle::try_current() {
            let task = runtime.spawn(driver::drive::<W, R>(input, resources, core));
            return Run::new(run, Ok(task));
        }
        let why = "`start` needs a tokio runtime to spawn the run in, and none is running here";
        let failure = run.failure(FailureKind::Runtime, why);
        run.fail(&failure);
        Run::new(run, Err(failure))
    }
}

impl<R> Clone for Engine<R> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared) }
    }
}

impl<R> fmt::Debug for Engine<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine").finish_non_exhaustive()
    }
}
