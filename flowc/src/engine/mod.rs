//! Running workflows in tasks of their own, observed.

mod builder;
mod core;
mod defaults;
#[cfg(feature = "testing")]
mod disturbed;
mod doors;
mod driver;
#[cfg(feature = "journal")]
mod durable;
#[cfg(feature = "journal")]
mod export;
#[cfg(feature = "journal")]
mod fork;
mod handle;
#[cfg(feature = "testing")]
mod here;
mod ledger;
mod log;
#[cfg(feature = "signals")]
mod mail;
mod observed;
#[cfg(feature = "journal")]
mod operate;
mod picture;
mod plan;
#[cfg(feature = "signals")]
mod post;
#[cfg(feature = "journal")]
mod present;
#[cfg(feature = "testing")]
mod props;
#[cfg(feature = "journal")]
mod replay;
#[cfg(feature = "journal")]
mod resuming;
mod run;
#[cfg(feature = "schedules")]
mod scheduled;
#[cfg(all(test, flowc_shuttle))]
pub(crate) mod schedules;
mod sink;
mod status;
mod steps;
#[cfg(not(feature = "journal"))]
mod unkept;
mod waiting;
mod watch;

#[cfg(feature = "journal")]
pub use builder::Journaling;
pub use builder::{Builder, NeedsResources, Ready};
pub use defaults::Defaults;
pub use doors::ShutdownReport;
#[cfg(feature = "journal")]
pub use durable::DurableEngine;
#[cfg(feature = "journal")]
pub use export::ImportError;
#[cfg(feature = "journal")]
pub use fork::{Fork, ForkError};
pub use handle::StepHandle;
#[cfg(feature = "testing")]
pub(crate) use here::run_here;
pub use observed::{Observed, Watched};
#[cfg(feature = "journal")]
pub use operate::{StartError, Started};
#[cfg(feature = "progress")]
pub(crate) use picture::took;
#[cfg(feature = "journal")]
pub use resuming::Resuming;
pub use run::{Ended, Run};
#[cfg(feature = "schedules")]
pub use scheduled::Scheduled;
pub use status::{RunState, RunStatus, StepState, StepStatus, Waiting};
pub use watch::{Events, Watch};

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;

use self::core::Core;
use self::doors::Doors;
use self::plan::Plan;
use crate::error::FailureKind;
use crate::observe::EngineEvent;
use crate::options::{Options, RunOptions};
use crate::policy::{Breaker, Shares};
use crate::prepared::Prepared;
use crate::run::{Bounds, Control};
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
    doors: Arc<Doors>,
}

impl Engine<()> {
    /// What an engine is made from.
    pub fn builder() -> Builder<NeedsResources> {
        Builder::new()
    }
}

impl<R: Send + Sync + 'static> Engine<R> {
    fn new(resources: Arc<R>, plan: Plan) -> Self {
        let doors = Doors::new(plan.cleanup_timeout);
        let plan = Arc::new(plan);
        if !plan.collectors.is_empty() {
            // The shares are the plan's, or live longer; so they must not keep it.
            let plan_or_gone = Arc::downgrade(&plan);
            plan.shares.on_transition_while(move |transition| {
                let plan = plan_or_gone.upgrade();
                if let Some(plan) = &plan {
                    plan.collectors.tell_of_engine(&EngineEvent::BreakerChanged(transition));
                }
                plan.is_some()
            });
        }
        Self { shared: Arc::new(Shared { resources, plan, doors }) }
    }

    /// The application.
    pub fn resources(&self) -> &R {
        &self.shared.resources
    }

    /// How often a [collector](crate::observe::Collector) panicked. One that does so again and again is not called any more.
    pub fn collector_panics(&self) -> u64 {
        self.shared.plan.collectors.panics()
    }

    /// What the steps of its runs share by name: breakers, limiters, bulkheads and caches. A name is there from the first call of a step
    /// that says it.
    pub fn shares(&self) -> &Shares {
        &self.shared.plan.shares
    }

    /// All breakers, by name, to look at and to force open or closed.
    pub fn breakers(&self) -> Vec<Breaker> {
        self.shares().breakers()
    }

    /// The breaker of this name; that of a node without a `name` of its own for it has the name of the node.
    pub fn breaker(&self, name: &str) -> Option<Breaker> {
        self.shares().find_breaker(name)
    }

    /// Starts a run in a task of its own. It ends when its handle is dropped, unless that is [detached](Run::detach).
    ///
    /// Outside of a tokio runtime there is no task to be had: the run then ends at once with a failure of the kind
    /// [`Runtime`](FailureKind::Runtime). On an engine that is [shut down](Self::shutdown) it ends with the kind
    /// [`Shutdown`](FailureKind::Shutdown).
    pub fn start<W, O>(&self, workflow: Prepared<'static, W, O>) -> Run<W>
    where
        W: Workflow + ResourcesFrom<R>,
        O: Options,
    {
        let Prepared { input, options } = workflow;
        let options = options.into_options();
        let core = Core::new(W::graph(&input), Arc::clone(&self.shared.plan), &options, self.control());
        self.begin(input, core, &options)
    }

    /// Starts a run with a journal, or one that cannot go on because of `why`.
    #[cfg(feature = "journal")]
    fn launch<W>(
        &self,
        run: Result<(W::Input<'static>, replay::Durable), String>,
        options: &RunOptions,
        present: &Arc<present::Present>,
    ) -> Run<W>
    where
        W: Workflow + ResourcesFrom<R>,
    {
        let mut core = Core::new(W::GRAPH, Arc::clone(&self.shared.plan), options, self.control());
        match run {
            Ok((input, mut durable)) => {
                durable.place = Some(present::Entered { present: Arc::clone(present), run: core.run.id });
                durable.deliver(&core.mail);
                core.durable = Some(Box::new(durable));
                let run = self.begin(input, core, options);
                present.enter(run.watch_ref().core());
                run
            }
            Err(why) => refuse(&Arc::new(core), FailureKind::Journal, &why),
        }
    }

    fn control(&self) -> Arc<Control> {
        Control::of_engine(&self.shared.doors.tally)
    }

    fn begin<W>(&self, input: W::Input<'static>, core: Core, options: &RunOptions) -> Run<W>
    where
        W: Workflow + ResourcesFrom<R>,
    {
        let Shared { resources, plan, doors } = &*self.shared;
        let core = Arc::new(core);
        let Ok(runtime) = Handle::try_current() else {
            return refuse(
                &core,
                FailureKind::Runtime,
                "`start` needs a tokio runtime to spawn the run in, and none is running here",
            );
        };
        let Some(entry) = doors.enter() else {
            return refuse(&core, FailureKind::Shutdown, "the engine is shut down and takes no more runs");
        };
        let bounds = Bounds::new(options, core.start(), plan.run_timeout);
        let run = driver::drive::<W, R>(input, Arc::clone(resources), Arc::clone(&core), bounds, entry);
        Run::new(core, Ok(runtime.spawn(run)))
    }

    /// How many runs have begun and are not over, [detached](Run::detach) ones included.
    pub fn running(&self) -> usize {
        self.shared.doors.running()
    }

    #[cfg(feature = "journal")]
    fn is_shut_down(&self) -> bool {
        self.shared.doors.is_closed()
    }

    /// Shuts the engine down in good order: from this call on it takes no more runs. The future waits up to `limit` for those
    /// that are running, then cancels the rest, and waits until they are gone and their
    /// [clean-ups](crate::Context::on_cancel) are done.
    ///
    /// It can be called more than once; the shortest limit holds. Dropping an engine, on the other hand, lets its runs go on.
    ///
    /// ```
    /// # use flowc::{Engine, node, workflow};
    /// # use std::time::Duration;
    /// # #[node] async fn wait(seconds: u64) { tokio::time::sleep(Duration::from_secs(seconds)).await }
    /// # workflow! { fn pause(seconds: u64) { let _done = wait(seconds); } }
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() {
    /// let engine = Engine::builder().resources(()).build();
    /// engine.start(pause(1)).detach();
    /// engine.start(pause(3600)).detach();
    /// assert_eq!(engine.running(), 2);
    ///
    /// let report = engine.shutdown(Duration::from_secs(30)).await;
    /// assert_eq!((report.finished, report.cancelled), (1, 1));
    /// # }
    /// ```
    #[must_use = "the engine takes no more runs, but nobody waits for those that run until this is awaited"]
    pub fn shutdown(&self, limit: Duration) -> impl Future<Output = ShutdownReport> + Send + use<R> {
        let Shared { plan, doors, .. } = &*self.shared;
        let (plan, shut) = (Arc::clone(plan), doors.shutdown(limit));
        plan.collectors.tell_of_engine(&EngineEvent::ShutdownStarted { running: doors.running(), limit });
        async move {
            let report = shut.await;
            plan.collectors.tell_of_engine(&EngineEvent::ShutdownFinished(&report));
            report
        }
    }
}

/// A run that is over before it began.
fn refuse<W: Workflow>(core: &Arc<Core>, kind: FailureKind, why: &str) -> Run<W> {
    let failure = core.failure(kind, why);
    core.fail(&failure);
    Run::new(Arc::clone(core), Err(failure))
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
