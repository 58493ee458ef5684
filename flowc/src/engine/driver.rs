//! The task of a run.

use std::future::Future;
use std::sync::Arc;

use super::core::Core;
use super::doors::Entry;
use super::observed::Observed;
#[cfg(feature = "journal")]
use super::replay::kept;
#[cfg(not(feature = "journal"))]
use super::unkept::kept;
use crate::error::{AnyError, Failure, FailureKind};
use crate::prepared::launch_at;
use crate::run::{At, Bounds, Frame, steered};
use crate::step::{ResourcesFrom, Workflow};
use crate::trace::Span;

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
    let span = Span::run(core.graph, &core.run);
    let mut guard = Guard { core, entry, span };
    async move {
        let core = &guard.core;
        let frame = Frame::known(core.graph, &core.run);
        let body = || launch_at::<W, _>(input, W::resources(&resources), At::new(Observed(core), &frame));
        let run = guard.span.around(steered((&core.run, &core.control), core.graph, bounds, body));
        let ended = kept::<W, _>(core, run).await;
        // Where no step knows how long it took, the run does.
        let ended = ended.map_err(|failure| failure.with_elapsed(core.since()));
        let span = std::mem::replace(&mut guard.span, Span::none());
        let core = &guard.core;
        let state = span.inside(|| core.end(&ended));
        match &ended {
            Ok(_) => span.done(),
            Err(failure) if failure.kind() == FailureKind::Cancelled && core.is_stopping() => span.cancelled(),
            Err(failure) => span.failed::<AnyError>(failure.kind(), || failure.to_string()),
        }
        guard.entry.leave(state);
        ended
    }
}

/// A run whose task goes without having come to an end was cancelled: the runtime shut down, or something panicked in a drop.
struct Guard {
    core: Arc<Core>,
    entry: Entry,
    span: Span,
}

impl Drop for Guard {
    fn drop(&mut self) {
        if self.entry.has_left() {
            return;
        }
        let state = self.span.inside(|| self.core.cancel());
        self.span.cancelled();
        self.entry.leave(state);
    }
}
