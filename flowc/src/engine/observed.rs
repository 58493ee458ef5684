use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context as Task, Poll};
use std::time::Duration;

use pin_project_lite::pin_project;

use super::core::Core;
#[cfg(feature = "testing")]
use super::disturbed::disturbed as called;
use super::ledger::Ticket;
#[cfg(feature = "journal")]
use super::replay::{checked, journaled, of_step};
#[cfg(not(feature = "journal"))]
use super::unkept::{checked, journaled, of_step};
use crate::context::Context;
use crate::error::Failure;
use crate::event::EventKind;
use crate::policy::Shares;
use crate::policy::step::{Limits, Tries, within};
use crate::run::{At, Executor};
use crate::step::Step;
#[cfg(feature = "testing")]
use crate::testing::Given;
#[cfg(feature = "cassettes")]
use crate::testing::{Amiss, Played};
use crate::trace::{self, Span};

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
    span: Span,
    recording: Recording<S::Output>,
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
            return Watching::new(at, Recording::default(), Work::Given { future: stub.call(input) });
        }
        #[cfg_attr(not(feature = "cassettes"), allow(unused_mut, reason = "nothing is recorded"))]
        let mut recording = Recording::default();
        #[cfg(feature = "cassettes")]
        match at.exec.0.plan.props.played::<S>(at, &input) {
            None => {}
            Some(Played::Record(record)) => recording = Some(record),
            Some(Played::Output(output)) => {
                let future = Box::pin(std::future::ready(Ok(Ok(output))));
                return Watching::new(at, recording, Work::Given { future });
            }
            Some(Played::Refused(why)) => {
                let future = Box::pin(std::future::ready(Err(Amiss::Refused(why))));
                return Watching::new(at, recording, Work::Given { future });
            }
        }
        let call = S::begin::<Self>(input, resources, at);
        let limits = &at.exec.0.plan.defaults.limits;
        // A node with policies of its own asks for the defaults by itself, and a workflow's nodes have them.
        // A step that waits for days is not meant by what an engine says of calls.
        let is_plain = limits.is_none() || S::DRIVEN || S::SPEC.is_workflow() || at.waits();
        let work: Work<S, _, _> = if is_plain && of_step::<S>(at).is_none() {
            Work::Real { future: called::<S, _>(at, !S::DRIVEN, call) }
        } else {
            Work::Within { future: Box::pin(driven::<S, _>(at, is_plain, call)) }
        };
        Watching::new(at, recording, work)
    }

    fn settle<S: Step>(ended: Watched<S>, at: At<'_, Self>) -> Result<S::Output, Failure<S::Error>> {
        let (result, ticket, span) = ended.settle(at);
        let result = checked(at, result);
        note::<_, _, S::Error>(at, ticket, &span, &result, |failure| failure.what(S::describe));
        result
    }

    fn settle_any<S: Step>(ended: Watched<S>, at: At<'_, Self>) -> Result<S::Output, Failure> {
        let (result, ticket, span) = ended.settle(at);
        // The text of an error is there only now, when its type is gone.
        let result = result.map_err(Failure::into_any);
        note::<_, _, S::Error>(at, ticket, &span, &result, |failure| failure.what(ToString::to_string));
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
        trace::attempting(at, called::<S, _>(at, !at.is_bare(), call))
    }

    fn tell(at: At<'_, Self>, what: impl FnOnce() -> EventKind<()>) {
        at.exec.0.tell(at, what());
    }

    fn attempt_ended<S: Step>(_: At<'_, Self>, result: &Result<S::Output, Failure<S::Error>>) {
        let span = trace::left();
        match result {
            Ok(_) => span.done(),
            Err(failure) => span.failed::<S::Error>(failure.kind(), || failure.what(S::describe)),
        }
    }

    fn retrying(at: At<'_, Self>, delay: Duration, why: &Failure) {
        at.exec.0.retrying(at, delay, why);
    }

    fn limits(at: At<'_, Self>, own: Limits) -> Limits {
        if at.waits() { own } else { own.over(at.exec.0.plan.defaults.limits) }
    }

    fn tries(at: At<'_, Self>, own: Tries) -> Tries {
        if at.waits() { own } else { own.over(&at.exec.0.plan.defaults.tries) }
    }

    fn shares<T>(at: At<'_, Self>, ask: impl FnOnce(&Shares) -> T) -> T {
        ask(&at.exec.0.plan.shares)
    }

    #[cfg(feature = "dynamic")]
    fn known<'s>(at: At<'s, Self>) -> Option<crate::run::Known<'s>>
    where
        Self: 's,
    {
        Some(crate::run::Known::Observed(at))
    }
}

/// A step under the engine's defaults, unless it is plain, and with what the journal has of it. A function of its own: an async
/// block in `step` would hold the inputs' types, which Rust 1.85 cannot show to be `Send` (rust-lang/rust#100013).
async fn driven<S: Step, F>(at: At<'_, Observed<'_>>, is_plain: bool, call: F) -> Settled<S>
where
    F: Future<Output = S::Ended> + Send,
{
    let call = async move {
        if is_plain {
            let ended = called::<S, _>(at, !S::DRIVEN, call).await?;
            return S::settle::<Observed<'_>>(ended, at);
        }
        let limits = &at.exec.0.plan.defaults.limits;
        within::<S, _, _>(at, limits, call, S::settle::<Observed<'_>>).await
    };
    journaled::<S, _>(of_step::<S>(at), at, call).await
}

/// Records the output of a step, if a cassette does.
#[cfg(feature = "cassettes")]
type Recording<T> = Option<crate::testing::Record<T>>;
#[cfg(not(feature = "cassettes"))]
type Recording<T> = std::marker::PhantomData<fn() -> T>;

/// What the step gave, when it has been recorded.
#[cfg(feature = "cassettes")]
fn recorded<T, E>(
    at: At<'_, Observed<'_>>,
    recording: Recording<T>,
    result: Result<T, Failure<E>>,
) -> Result<T, Failure<E>> {
    let (Ok(output), Some(record)) = (&result, recording) else { return result };
    match record(output) {
        Ok(()) => result,
        Err(why) => Err(Amiss::Refused(why).into_failure(at)),
    }
}

/// Without the feature `cassettes` nothing is recorded.
#[cfg(not(feature = "cassettes"))]
fn recorded<T, E>(_: At<'_, Observed<'_>>, _: Recording<T>, result: Result<T, Failure<E>>) -> Result<T, Failure<E>> {
    result
}

pub(super) type Settled<S> = Result<<S as Step>::Output, Failure<<S as Step>::Error>>;

impl<S: Step> Watched<S> {
    fn settle(self, at: At<'_, Observed<'_>>) -> (Settled<S>, Option<Ticket>, Span) {
        let result = match self.what {
            What::Real(ended) => S::settle(ended, at),
            What::Settled(result) => result,
        };
        let result = recorded(at, self.recording, result);
        let result = match (result, &self.ticket) {
            (Err(failure), Some(ticket)) => Err(failure.with_elapsed(Core::elapsed(ticket))),
            (result, _) => result,
        };
        (result, self.ticket, self.span)
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
fn settled<T, E>(
    given: Result<Result<T, E>, crate::testing::Amiss>,
    at: At<'_, Observed<'_>>,
) -> Result<T, Failure<E>> {
    match given {
        Ok(Ok(output)) => Ok(output),
        Ok(Err(error)) => Err(at.fail_with(error)),
        Err(amiss) => Err(amiss.into_failure(at)),
    }
}

/// `N` is the error of the node, also where `result` has forgotten it.
fn note<T: 'static, E, N>(
    at: At<'_, Observed<'_>>,
    ticket: Option<Ticket>,
    span: &Span,
    result: &Result<T, Failure<E>>,
    what: impl FnOnce(&Failure<E>) -> String,
) {
    let Some(ticket) = ticket else { return };
    match result {
        Ok(output) => {
            at.exec.0.keep(at, output);
            span.inside(|| at.exec.0.finished(at, ticket));
            span.done();
        }
        Err(failure) => {
            let (kind, error) = (failure.kind(), what(failure));
            span.failed::<N>(kind, || error.clone());
            span.inside(|| at.exec.0.failed(at, ticket, kind, error));
        }
    }
}

/// Without the feature `testing` nothing stands in the place of a step.
#[cfg(not(feature = "testing"))]
type Given<S> = std::future::Pending<Settled<S>>;

pin_project! {
    #[project = WorkState]
    #[cfg_attr(not(feature = "testing"), allow(dead_code, reason = "only a test puts something in the place of a step"))]
    enum Work<S: Step, F, G> {
        Real { #[pin] future: F },
        /// Under what the engine does for all nodes. In a box, so that an engine without defaults does not pay for it.
        Within { future: Pin<Box<G>> },
        /// What stands in its place.
        Given { #[pin] future: Given<S> },
        /// Nobody needs it any more.
        Over,
    }
}

impl<S, F, G> Work<S, F, G>
where
    S: Step,
    F: Future<Output = Result<S::Ended, Failure<S::Error>>>,
    G: Future<Output = Settled<S>>,
{
    fn poll(self: Pin<&mut Self>, at: At<'_, Observed<'_>>, task: &mut Task<'_>) -> Poll<What<S>> {
        match self.project() {
            WorkState::Real { future } => future.poll(task).map(|ended| match ended {
                Ok(ended) => What::Real(ended),
                Err(failure) => What::Settled(Err(failure)),
            }),
            WorkState::Within { future } => future.as_mut().poll(task).map(What::Settled),
            WorkState::Given { future } => future.poll(task).map(|given| What::Settled(settled(given, at))),
            WorkState::Over => Poll::Pending,
        }
    }
}

pin_project! {
    /// A step from its first poll to its end, or until nobody needs it any more.
    struct Watching<'s, 'e, S: Step, F, G> {
        at: At<'s, Observed<'e>>,
        ticket: Option<Ticket>,
        span: Span,
        recording: Recording<S::Output>,
        #[pin]
        work: Work<S, F, G>,
    }

    impl<S: Step, F, G> PinnedDrop for Watching<'_, '_, S, F, G> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            if let Some(ticket) = this.ticket.take() {
                let span = std::mem::replace(this.span, Span::none());
                span.inside(|| {
                    this.at.exec.0.dropped(*this.at, ticket);
                    // What it drops goes inside of its span, and before the span ends.
                    this.work.set(Work::Over);
                });
                trace::left().cancelled();
                span.cancelled();
            }
        }
    }
}

impl<'s, 'e, S: Step, F, G> Watching<'s, 'e, S, F, G> {
    fn new(at: At<'s, Observed<'e>>, recording: Recording<S::Output>, work: Work<S, F, G>) -> Self {
        Self { at, ticket: None, span: Span::none(), recording, work }
    }
}

impl<S, F, G> Future for Watching<'_, '_, S, F, G>
where
    S: Step,
    F: Future<Output = Result<S::Ended, Failure<S::Error>>>,
    G: Future<Output = Settled<S>>,
{
    type Output = Watched<S>;

    fn poll(self: Pin<&mut Self>, task: &mut Task<'_>) -> Poll<Watched<S>> {
        let this = self.project();
        // The run itself is no step.
        if this.ticket.is_none() && this.at.found().is_some() {
            *this.span = Span::step(*this.at, &this.at.exec.0.run);
            *this.ticket = Some(this.span.inside(|| this.at.exec.0.started(*this.at)));
        }
        let polled = this.span.inside(|| this.work.poll(*this.at, task));
        polled.map(|what| {
            let span = std::mem::replace(this.span, Span::none());
            let (ticket, recording) = (this.ticket.take(), std::mem::take(this.recording));
            Watched { what, ticket, span, recording }
        })
    }
}
