//! The calls of one step under its policies.

use std::future::Future;
use std::marker::PhantomData;
use std::pin::pin;
use std::time::Duration;

use tokio::time::Instant;

use super::super::{Refused, Retry, TimeLimit, Timeout, timer};
use super::gates::{Gates, Lane};
use super::inputs::Asked;
use super::once::{Around, Missed, Settle, attempt};
use super::{Limits, Policy, Retrying};
use crate::error::{Failure, FailureKind};
use crate::event::EventKind;
use crate::run::{At, Executor, Guarded};
use crate::step::Step;

/// Calls a node under its policies, which are applied from the outside to the inside: fallback, cache, all the time there is, retry,
/// and for each attempt breaker, rate, concurrency, and the time of one attempt.
///
/// `settle` turns what a call gave into the step's result, after the await, so that the future stays small.
///
/// # Errors
/// The failure of the last attempt, which knows how many there were.
pub fn drive<'i, 's, S, X, C, F>(
    policy: &'static Policy<S>,
    at: At<'s, X>,
    input: S::Input<'i>,
    call: C,
    settle: Settle<'s, S, X, F::Output>,
) -> impl Future<Output = Result<S::Output, Failure<S::Error>>> + Send
where
    S: Step,
    S::Input<'i>: Send,
    X: Executor,
    C: FnMut(S::Input<'i>, At<'s, X>) -> F + Send,
    F: Future + Send,
{
    // A caller that applies the policies itself wants one plain call, and counts the attempts.
    let (policy, first) = if at.is_bare() { (const { &Policy::NONE }, at.attempts()) } else { (policy, 1) };
    driven(policy, policy.asked(), (at, first), input, call, settle)
}

/// The same, for one type of the inputs: what is async must not be generic over a lifetime inside of `S`, or rustc does not see
/// that it is `Send`.
#[allow(clippy::manual_async_fn, reason = "an `async fn` cannot promise `Send`")]
fn driven<'i, 's, S, X, I, C, F>(
    policy: &'static Policy<S>,
    asked: Asked<'i, I>,
    (at, first): (At<'s, X>, u32),
    input: I,
    call: C,
    settle: Settle<'s, S, X, F::Output>,
) -> impl Future<Output = Result<S::Output, Failure<S::Error>>> + Send
where
    S: Step,
    X: Executor,
    I: Send,
    C: FnMut(I, At<'s, X>) -> F + Send,
    F: Future + Send,
{
    async move {
        // The functions of a policy are the user's, and may panic as a node may.
        let guarded = Guarded::new(async move {
            let cache = policy.cache.zip(asked.key).map(|(cache, key)| (cache, key(&input)));
            let work = attempts::<S, X, I, C, F>((policy, asked), (at, first), input, call, settle);
            // Pinned once, as a future that is moved on takes its space again.
            let work = pin!(work);
            let result = match cache {
                None => work.await,
                // The box keeps the futures of steps without a cache small.
                Some((cache, key)) => Box::pin(cache.or(key, at, work)).await,
            };
            match (result, policy.fallback) {
                (Err(failure), Some(fallback)) if failure.kind() != FailureKind::Cancelled => {
                    X::tell(at, || EventKind::FallbackTaken {
                        step: (),
                        kind: failure.kind(),
                        error: failure.what(S::describe).into(),
                    });
                    Ok(fallback(&failure))
                }
                (result, _) => result,
            }
        });
        guarded.await.unwrap_or_else(|panicked| Err(panicked.into_failure(at)))
    }
}

/// What stands around the calls of a step: what it says itself, and for the rest what the executor has defaults for.
fn limits<S: Step, X: Executor>(policy: &Policy<S>, at: At<'_, X>) -> Limits {
    if at.is_bare() || S::SPEC.is_workflow() { policy.limits } else { X::limits(at, policy.limits) }
}

/// Attempts until one gives an output, or none more makes sense.
async fn attempts<'i, 's, S, X, I, C, F>(
    (policy, asked): (&'static Policy<S>, Asked<'i, I>),
    (at, first): (At<'s, X>, u32),
    mut input: I,
    mut call: C,
    settle: Settle<'s, S, X, F::Output>,
) -> Result<S::Output, Failure<S::Error>>
where
    S: Step,
    X: Executor,
    C: FnMut(I, At<'s, X>) -> F,
    F: Future + Send,
{
    let (around, total) = {
        let limits = limits(policy, at);
        let timeout = limits.timeout.unwrap_or(Timeout::NONE);
        let lane = Lane {
            key: asked.lane.map(|key| key(&input)),
            tokens: asked.cost.map(|cost| cost(&input)).unwrap_or_default(),
        };
        let gates = Gates::find(at, &limits, S::SPEC.name);
        (Around { gates, timeout, lane, trips: policy.trips }, timeout.total)
    };
    let rounds = policy.retry.as_ref().map(|retrying| Rounds::new(retrying, X::tries(at, retrying.tries).retry()));
    let end = total.and_then(|total| timer::now().checked_add(total));
    let mut count = first;
    loop {
        let at = at.attempt(count);
        let next = rounds.as_ref().filter(|rounds| rounds.retry.follows(count));
        let spare = next.zip(asked.again).map(|(rounds, again)| (rounds, again(&input, PhantomData)));
        let missed = match attempt::<S, X, F>(at, &around, end, || call(input, at), settle).await {
            Ok(output) => return Ok(output),
            Err(missed) => missed,
        };
        let another = spare.and_then(|(rounds, spare)| Some((rounds.wait(count, &missed, end)?, spare)));
        let failure = missed.failure;
        let Some((delay, spare)) = another else { return Err(known(policy, failure).with_attempts(count)) };
        let Ok(wait) = timer::sleep(delay) else { return Err(known(policy, failure).with_attempts(count)) };
        X::retrying(at, delay, &failure.into_any());
        wait.await;
        input = spare;
        count += 1;
    }
}

/// The failure, with what its error says of another attempt, where somebody asks it.
fn known<S: Step>(policy: &Policy<S>, failure: Failure<S::Error>) -> Failure<S::Error> {
    let Some(Retrying { when: Some(when), after, .. }) = &policy.retry else { return failure };
    let Some(error) = failure.error() else { return failure };
    let (passes, after) = (when(error), after.and_then(|after| after(error)));
    failure.with_retryable(passes, after)
}

/// The attempts of a step with `retry`.
struct Rounds<S: Step> {
    policy: &'static Retrying<S>,
    retry: Retry<S::Error>,
    begun: Instant,
}

impl<S: Step> Rounds<S> {
    fn new(policy: &'static Retrying<S>, retry: Retry<S::Error>) -> Self {
        Self { policy, retry, begun: timer::now() }
    }

    /// How long to wait before another attempt, if one makes sense and there is time for it.
    fn wait(&self, count: u32, missed: &Missed<S::Error>, end: Option<Instant>) -> Option<Duration> {
        let asked = match &missed.refused {
            // The time is over, or there is no clock to wait by.
            Some(Refused::TimedOut { which: TimeLimit::Total, .. } | Refused::NoTimer) => return None,
            // It is worth waiting for a breaker where the wait is known, and something else bounds it.
            Some(Refused::BreakerOpen { retry_after, .. }) => {
                if end.is_none() && !self.retry.has_budget() {
                    return None;
                }
                Some((*retry_after)?)
            }
            Some(refused) => refused.retry_after(),
            None => match (missed.failure.kind(), missed.failure.error()) {
                (FailureKind::Error, error) => {
                    if !error.zip(self.policy.when).is_none_or(|(error, when)| when(error)) {
                        return None;
                    }
                    error.zip(self.policy.after).and_then(|(error, after)| after(error))
                }
                // Of a step inside a workflow that is retried as a whole.
                (FailureKind::Timeout | FailureKind::Rate | FailureKind::Concurrency, _) => None,
                _ => return None,
            },
        };
        let now = timer::now();
        let bounded = end.is_some() || self.retry.has_budget();
        let delay = self.retry.wait(count, asked, now.saturating_duration_since(self.begun), bounded)?;
        let in_time = end.is_none_or(|end| now.checked_add(delay).is_some_and(|then| then < end));
        in_time.then_some(delay)
    }
}
