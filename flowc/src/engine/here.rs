//! A run in the task that waits for it, for tests: what it is given may be borrowed.

use std::sync::Arc;
use std::task::Waker;

use super::core::Core;
use super::log::Found;
use super::observed::Observed;
use super::plan::Plan;
use super::props::Props;
use crate::error::Failure;
use crate::event::Event;
use crate::options::RunOptions;
use crate::prepared::launch_at;
use crate::run::{At, Bounds, Control, Frame, steered};
use crate::step::{ResourcesFrom, Workflow};
use crate::testing::chaos::Chaos;

/// What the run gave, and its events.
pub(crate) async fn run_here<W, R>(
    input: W::Input<'_>,
    resources: &R,
    chaos: Vec<Chaos>,
    options: &RunOptions,
) -> (Result<W::Output, Failure>, Vec<Event>)
where
    W: Workflow + ResourcesFrom<R>,
{
    let mut plan = Plan::new();
    (plan.capacity, plan.props) = (usize::MAX, Props::of(chaos));
    let core = Arc::new(Core::new(W::GRAPH, Arc::new(plan), options, Control::alone()));
    let frame = Frame::known(W::GRAPH, &core.run);
    let body = || launch_at::<W, _>(input, W::resources(resources), At::new(Observed(&core), &frame));
    let ended = steered((&core.run, &core.control), W::GRAPH, Bounds::new(options, core.start(), None), body).await;
    core.end(&ended);
    let (mut next, mut events) = (0, Vec::new());
    while let Found::Event(event) = core.read(&mut next, Waker::noop()) {
        events.push(event);
    }
    (ended, events)
}
