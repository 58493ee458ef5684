//! The task of a run.

use std::future::Future;
use std::sync::Arc;

use super::core::Core;
use super::doors::Entry;
use super::observed::Observed;
use crate::error::Failure;
use crate::prepared::launch_at;
use crate::run::{At, Bounds, Frame, steered};
use crate::step::{ResourcesFrom, Workflow};

/// A whole run, with all that it borrows from.
pub(super) fn drive<W, R>(
    input: W::Input<'static>,
    resources: Arc<R>,
    core: Arc<Core>,
    bounds: Bounds,
    entry: Entry,
) -> impl Future<Output = Result<W::Output, Failure>> + Send
where
    W: Workflow + ResourcesFrom<R>,
    R: Send + Sync + 'static,
{
    // Made before the first poll, so that the run is over even if its task is dropped before that.
    let guard = Guard { core, entry };
    async move {
        let guard = guard;
        let core = &guard.core;
        let frame = Frame::known(W::GRAPH, &core.run);
        let body = || launch_at::<W, _>(input, W::resources(&resources), At::new(Observed(core), &frame));
        let ended = steered((&core.run, &core.control), W::GRAPH, bounds, body).await;
        core.end(&ended);
        ended
    }
}

/// A run whose task goes without having come to an end was cancelled: the runtime shut down, or something panicked in a drop.
struct Guard {
    core: Arc<Core>,
    entry: Entry,
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.core.cancel();
        self.entry.leave(self.core.state());
    }
}
