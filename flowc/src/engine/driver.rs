//! The task of a run.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use super::core::Core;
use super::observed::Observed;
use crate::error::{AnyError, Failure, FailureKind};
use crate::prepared::launch_at;
use crate::run::{At, Frame};
use crate::step::{ResourcesFrom, Workflow};
use crate::trace::Span;

/// A whole run, with all that it borrows from.
pub(super) fn drive<W, R>(
    input: W::Input<'static>,
    resources: Arc<R>,
    core: Arc<Core>,
) -> impl Future<Output = Result<W::Output, Failure>> + Send
where
    W: Workflow + ResourcesFrom<R>,
    R: Send + Sync + 'static,
{
    // Made before the first poll, so that the run is over even if its task is dropped before that.
    let span = Span::run(W::GRAPH, &core.run);
    let mut guard = Guard { core, span };
    async move {
        let core = &guard.core;
        let frame = Frame::known(W::GRAPH, &core.run);
        let body = launch_at::<W, _>(input, W::resources(&resources), At::new(Observed(core), &frame));
        let ended = Stoppable { core, span: &guard.span, body: Some(body) }.await;
        let span = std::mem::replace(&mut guard.span, Span::none());
        let core = &guard.core;
        span.inside(|| match &ended {
            Ok(_) => {
                core.finish();
                span.done();
            }
            Err(failure) if failure.kind() == FailureKind::Cancelled && core.is_stopping() => {
                core.cancel();
                span.cancelled();
            }
            Err(failure) => {
                core.fail(failure);
                span.failed::<AnyError>(failure.kind(), failure);
            }
        });
        ended
    }
}

/// A run whose task goes without having come to an end was cancelled: the runtime shut down, or something panicked in a drop.
struct Guard {
    core: Arc<Core>,
    /// None once the run has come to an end.
    span: Span,
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.span.inside(|| self.core.cancel());
        self.span.cancelled();
    }
}

pin_project! {
    /// Drops the body of the run when the run is to stop.
    struct Stoppable<'c, B> {
        core: &'c Core,
        span: &'c Span,
        #[pin]
        body: Option<B>,
    }
}

impl<T, B: Future<Output = Result<T, Failure>>> Future for Stoppable<'_, B> {
    type Output = Result<T, Failure>;

    fn poll(self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        // The waker first, so that a stop in between is not missed.
        this.core.task(task.waker());
        if !this.core.is_stopping() {
            if let Some(body) = this.body.as_mut().as_pin_mut() {
                let Poll::Ready(ended) = this.span.inside(|| body.poll(task)) else { return Poll::Pending };
                this.body.set(None);
                return Poll::Ready(ended);
            }
        }
        this.span.inside(|| this.body.set(None));
        Poll::Ready(Err(this.core.failure(FailureKind::Cancelled, "the run was cancelled")))
    }
}
