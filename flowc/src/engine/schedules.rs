//! A run whose parts are played by several threads, for `crate::schedules`.

use std::sync::Arc;

use super::core::Core;
use super::observed::Observed;
use super::plan::Plan;
use super::watch::{Events, Watch};
use crate::error::Failure;
use crate::observe::Collector;
use crate::options::RunOptions;
use crate::prepared::launch_at;
use crate::run::{At, Bounds, Control, Executor, Frame, steered};
use crate::step::{ResourcesFrom, Workflow};

/// A run of `W` that has not begun.
pub(crate) struct Play<W> {
    core: Arc<Core>,
    workflow: std::marker::PhantomData<W>,
}

impl<W: Workflow + ResourcesFrom<()>> Play<W> {
    pub(crate) fn new(capacity: usize, collector: Option<Box<dyn Collector>>) -> Self {
        let mut plan = Plan::new();
        plan.capacity = capacity;
        if let Some(collector) = collector {
            plan.collectors.add(Told(collector));
        }
        let core = Arc::new(Core::new(W::GRAPH, Arc::new(plan), &RunOptions::default(), Control::alone()));
        Self { core, workflow: std::marker::PhantomData }
    }

    pub(crate) fn watch(&self) -> Watch {
        Watch { core: Arc::clone(&self.core) }
    }

    /// The listener that the run was made with.
    pub(crate) fn first(&self) -> Events {
        Events::first(&self.core)
    }

    /// A step that tells of its progress from another thread.
    pub(crate) fn teller(&self) -> impl Fn() + Send + 'static {
        let core = Arc::clone(&self.core);
        move || {
            let frame = Frame::known(W::GRAPH, &core.run);
            let context = Observed::context(At::new(Observed(&core), &frame).vertex(1));
            context.progress(1, 2);
            context.emit("a part");
        }
    }

    pub(crate) async fn run(&self, input: W::Input<'_>) -> Result<W::Output, Failure> {
        let core = &self.core;
        let frame = Frame::known(W::GRAPH, &core.run);
        let body = || launch_at::<W, _>(input, W::resources(&()), At::new(Observed(core), &frame));
        let ended = steered(
            (&core.run, &core.control),
            W::GRAPH,
            Bounds::new(&RunOptions::default(), core.start(), None),
            body,
        )
        .await;
        core.end(&ended);
        ended
    }
}

/// A boxed collector is one as well.
struct Told(Box<dyn Collector>);

impl Collector for Told {
    fn on_event(&self, run: &crate::observe::RunInfo<'_>, event: &crate::observe::Observation<'_>) {
        self.0.on_event(run, event);
    }
}
