//! One attempt: through the gates, then the call under its time limits.

use std::future::Future;
use std::time::Duration;

use tokio::time::Instant;

use super::super::{Pulse, Refused, TimeLimit, Timeout, timer};
use super::Limits;
use super::gates::{Gates, Lane, Passed};
use super::under::{Signs, Under};
use crate::error::Failure;
use crate::run::{At, Executor};
use crate::step::Step;

/// Turns what a call gave into the result of the step.
pub(crate) type Settle<'s, S, X, T> = fn(T, At<'s, X>) -> Result<<S as Step>::Output, Failure<<S as Step>::Error>>;

/// What stands around each attempt of a step.
pub(super) struct Around<E> {
    pub(super) gates: Gates,
    pub(super) timeout: Timeout,
    pub(super) lane: Lane,
    /// Which errors count for the breaker: all of them, if nothing is said.
    pub(super) trips: Option<fn(&E) -> bool>,
}

impl<E> Around<E> {
    /// Waits until a call may be made, until `end` at the latest.
    async fn pass<'s, X: Executor>(&self, at: At<'s, X>, end: Option<Instant>) -> Result<Passed<'s, X>, Refused> {
        if self.gates.is_empty() {
            return Ok(Passed::freely(at));
        }
        let wait = Timeout { total: rest(end), ..Timeout::NONE };
        // What waits is large, and most steps never do: the box keeps their futures small.
        Box::pin(wait.within(None, self.gates.pass(at, &self.lane))).await?
    }

    /// A refusal as it is told: of all the time there is, this attempt had only the rest.
    fn told(&self, refused: Refused) -> Refused {
        match (refused, self.timeout.total) {
            (Refused::TimedOut { which: which @ TimeLimit::Total, .. }, Some(limit)) => {
                Refused::TimedOut { limit, which }
            }
            (refused, _) => refused,
        }
    }
}

/// An attempt that gave no output.
pub(super) struct Missed<E> {
    pub(super) failure: Failure<E>,
    /// The policy that is the reason, if one is.
    pub(super) refused: Option<Refused>,
}

/// Makes one attempt, which ends at `end` at the latest.
pub(super) async fn attempt<'s, S, X, F>(
    at: At<'s, X>,
    around: &Around<S::Error>,
    end: Option<Instant>,
    call: impl FnOnce() -> F,
    settle: Settle<'s, S, X, F::Output>,
) -> Result<S::Output, Missed<S::Error>>
where
    S: Step,
    X: Executor,
    F: Future + Send,
{
    let passed = match around.pass(at, end).await {
        Ok(passed) => passed,
        Err(why) => {
            let why = around.told(why);
            return Err(Missed { failure: at.refused(&why), refused: Some(why) });
        }
    };
    // Limits of the same length end together; then it is all the time that is over.
    let total = rest(end);
    let attempt = around.timeout.attempt.filter(|attempt| total.is_none_or(|total| *attempt < total));
    let limits = Timeout { total, attempt, idle: around.timeout.idle };
    let pulse = limits.idle.map(|_| Pulse::new());
    let until = attempt.or(total).and_then(timer::until);
    // What runs inside is told until when it has time, for whoever asks its context.
    let signs = Signs::new(pulse.clone(), passed.used());
    let called = X::attempt::<S, _>(at, Under::heard(until, signs, call));
    let (result, refused) = match limits.within(pulse.as_ref(), called).await {
        Ok(Ok(ended)) => (settle(ended, at), None),
        Ok(Err(failure)) => (Err(failure), None),
        Err(why) => {
            let why = around.told(why);
            (Err(at.refused(&why)), Some(why))
        }
    };
    X::attempt_ended::<S>(at, &result);
    passed.end(&result, around.trips);
    result.map_err(|failure| Missed { failure, refused })
}

/// The only attempt of a node that has no policies of its own, under `limits` that stand around every node.
pub(crate) async fn within<'s, S, X, F>(
    at: At<'s, X>,
    limits: &Limits,
    call: F,
    settle: Settle<'s, S, X, F::Output>,
) -> Result<S::Output, Failure<S::Error>>
where
    S: Step,
    X: Executor,
    F: Future + Send,
{
    let timeout = limits.timeout.unwrap_or(Timeout::NONE);
    let end = timeout.total.and_then(|total| timer::now().checked_add(total));
    let gates = Gates::find(at, limits, S::SPEC.name);
    let around = Around { gates, timeout, lane: Lane::default(), trips: None };
    attempt::<S, X, F>(at, &around, end, || call, settle).await.map_err(|missed| missed.failure)
}

/// How long it is until `end`.
fn rest(end: Option<Instant>) -> Option<Duration> {
    end.map(|end| end.saturating_duration_since(timer::now()))
}
