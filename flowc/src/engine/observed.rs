use std::fmt::{self, Display};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context as Task, Poll};
use std::time::Duration;

use pin_project_lite::pin_project;

use super::core::Core;
use super::ledger::Ticket;
#[cfg(feature = "testing")]
use super::props::disturbed as called;
use crate::context::Context;
use crate::error::Failure;
use crate::run::{At, Executor};
use crate::step::Step;
#[cfg(feature = "testing")]
use crate::testing::Given;

/// Runs steps in the task of the run, and notes what happens to them.
#[derive(Clone, Copy)]
pub struct Observed<'e>(pub(super) &'e Arc<Core>);

impl fmt::Debug for Observed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Observed")
    }
}

/// What an observed step gave.
pub struct Watched<S: Step> {
    what: What<S>,
    /// None for the run itself, which is no step.
    ticket: Option<Ticket>,
}

enum What<S: Step> {
    Real(S::Ended),
    /// The result came from elsewhere: from what stands in its place, or from what is around it.
    Settled(Settled<S>),
}

impl Executor for Observed<'_> {
    type Ended<S: Step> = Watched<S>;

    #[inline]
    fn step<S: Step>(
        at: At<'_, Self>,
        input: S::Input<'_>,
        resources: S::Resources<'_>,
    ) -> impl Future<Output = Watched<S>> + Send {
        #[cfg(feature = "testing")]
        at.exec.0.plan.props.called::<S>(|| super::core::key(at), &input);
        #[cfg(feature = "testing")]
        if let Some(stub) = at.exec.0.plan.props.stub::<S>(|| super::core::key(at)) {
            return Watching { at, ticket: None, work: Work::Given { future: stub.call(input) } };
        }
        let future = called::<S, _>(at, !S::DRIVEN, S::begin::<Self>(input, resources, at));
        Watching { at, ticket: None, work: Work::<S, _>::Real { future } }
    }

    fn settle<S: Step>(ended: Watched<S>, at: At<'_, Self>) -> Result<S::Output, Failure<S::Error>> {
        let (result, ticket) = ended.settle(at);
        note(at, ticket, &result, |failure| failure.what(S::describe));
        result
    }

    fn settle_any<S: Step>(ended: Watched<S>, at: At<'_, Self>) -> Result<S::Output, Failure> {
        let (result, ticket) = ended.settle(at);
        // The text of an error is there only now, when its type is gone.
        let result = result.map_err(Failure::into_any);
        note(at, ticket, &result, |failure| failure.what(ToString::to_string));
        result
    }

    fn context(at: At<'_, Self>) -> Context {
        let placed = at.placed();
        let sink = at.exec.0.sink(at, Arc::clone(&placed.step));
        Context::new(placed, Some(sink))
    }

    #[inline]
    fn attempt<S: Step, F>(
        at: At<'_, Self>,
        call: F,
    ) -> impl Future<Output = Result<F::Output, Failure<S::Error>>> + Send
    where
        F: Future + Send,
    {
        called::<S, _>(at, !at.is_bare(), call)
    }

    fn retrying(at: At<'_, Self>, delay: Duration, why: &dyn Display) {
        at.exec.0.retrying(at, delay, why);
    }
}

type Settled<S> = Result<<S as Step>::Output, Failure<<S as Step>::Error>>;

impl<S: Step> Watched<S> {
    fn settle(self, at: At<'_, Observed<'_>>) -> (Settled<S>, Option<Ticket>) {
        let result = match self.what {
            What::Real(ended) => S::settle(ended, at),
            What::Settled(result) => result,
        };
        let result = match (result, &self.ticket) {
            (Err(failure), Some(ticket)) => Err(failure.with_elapsed(Core::elapsed(ticket))),
            (result, _) => result,
        };
        (result, self.ticket)
    }
}

/// One call of a step. Without the feature `testing` nothing disturbs it.
#[cfg(not(feature = "testing"))]
fn called<S: Step, F: Future + Send>(
    _: At<'_, Observed<'_>>,
    _: bool,
    call: F,
) -> impl Future<Output = Result<F::Output, Failure<S::Error>>> + Send {
    crate::run::attempted(call)
}

/// The result of what stands in the place of a step.
#[cfg(not(feature = "testing"))]
fn settled<T, E>(given: Result<T, Failure<E>>, _: At<'_, Observed<'_>>) -> Result<T, Failure<E>> {
    given
}

/// The result of what stands in the place of a step.
#[cfg(feature = "testing")]
fn settled<T, E>(given: Result<Result<T, E>, crate::run::Panicked>, at: At<'_, Observed<'_>>) -> Result<T, Failure<E>> {
    match given {
        Ok(Ok(output)) => Ok(output),
        Ok(Err(error)) => Err(at.fail_with(error)),
        Err(panicked) => Err(panicked.into_failure(at)),
    }
}

fn note<T: 'static, E>(
    at: At<'_, Observed<'_>>,
    ticket: Option<Ticket>,
    result: &Result<T, Failure<E>>,
    what: impl FnOnce(&Failure<E>) -> String,
) {
    let Some(ticket) = ticket else { return };
    match result {
        Ok(output) => {
            at.exec.0.keep(at, output);
            at.exec.0.finished(ticket);
        }
        Err(failure) => at.exec.0.failed(ticket, failure.kind(), what(failure)),
    }
}

/// Without the feature `testing` nothing stands in the place of a step.
#[cfg(not(feature = "testing"))]
type Given<S> = std::future::Pending<Settled<S>>;

pin_project! {
    #[project = WorkState]
    #[cfg_attr(not(feature = "testing"), allow(dead_code, reason = "only a test puts something in the place of a step"))]
    enum Work<S: Step, F> {
        Real { #[pin] future: F },
        /// What stands in its place.
        Given { #[pin] future: Given<S> },
    }
}

impl<S: Step, F: Future<Output = Result<S::Ended, Failure<S::Error>>>> Work<S, F> {
    fn poll(self: Pin<&mut Self>, at: At<'_, Observed<'_>>, task: &mut Task<'_>) -> Poll<What<S>> {
        match self.project() {
            WorkState::Real { future } => future.poll(task).map(|ended| match ended {
                Ok(ended) => What::Real(ended),
                Err(failure) => What::Settled(Err(failure)),
            }),
            WorkState::Given { future } => future.poll(task).map(|given| What::Settled(settled(given, at))),
        }
    }
}

pin_project! {
    /// A step from its first poll to its end, or until nobody needs it any more.
    struct Watching<'s, 'e, S: Step, F> {
        at: At<'s, Observed<'e>>,
        ticket: Option<Ticket>,
        #[pin]
        work: Work<S, F>,
    }

    impl<S: Step, F> PinnedDrop for Watching<'_, '_, S, F> {
        fn drop(this: Pin<&mut Self>) {
            let this = this.project();
            if let Some(ticket) = this.ticket.take() {
                this.at.exec.0.dropped(*this.at, ticket);
            }
        }
    }
}

impl<S: Step, F: Future<Output = Result<S::Ended, Failure<S::Error>>>> Future for Watching<'_, '_, S, F> {
    type Output = Watched<S>;

    fn poll(self: Pin<&mut Self>, task: &mut Task<'_>) -> Poll<Watched<S>> {
        let this = self.project();
        // The run itself is no step.
        if this.ticket.is_none() && this.at.found().is_some() {
            *this.ticket = Some(this.at.exec.0.started(*this.at));
        }
        this.work.poll(*this.at, task).map(|what| Watched { what, ticket: this.ticket.take() })
    }
}
