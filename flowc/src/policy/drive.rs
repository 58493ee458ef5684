//! The calls of one step under its policy.

use std::future::Future;

use super::until::Under;
use super::{Policy, timer};
use crate::error::Failure;
use crate::run::{At, Executor};
use crate::step::Step;

/// Turns what a call gave into the result of the step.
pub(super) type Settle<'s, S, X, T> = fn(T, At<'s, X>) -> Result<<S as Step>::Output, Failure<<S as Step>::Error>>;

/// Calls a node until it succeeds or its policy says that it is enough.
///
/// `again` gives the inputs once more, or `None` where the node may be called only once. `settle` turns what a call gave into
/// the step's result, after the await, so that the future stays small.
///
/// # Errors
/// The failure of the last attempt, which knows how many there were.
pub fn drive<'s, S, X, I, A, C, F>(
    policy: Policy<S::Error>,
    at: At<'s, X>,
    input: I,
    again: A,
    call: C,
    settle: Settle<'s, S, X, F::Output>,
) -> impl Future<Output = Result<S::Output, Failure<S::Error>>> + Send
where
    S: Step,
    X: Executor,
    I: Send,
    A: Fn(&I) -> Option<I> + Send,
    C: Fn(I, At<'s, X>) -> F + Send,
    F: Future + Send,
{
    // A caller that applies the policies itself wants one plain call, and counts the attempts.
    let (policy, first) = if at.is_bare() { (Policy::NONE, at.attempts()) } else { (policy, 1) };
    async move {
        let started = policy.retry.map(|_| timer::now());
        let mut input = input;
        let mut attempt = first;
        loop {
            let at = at.attempt(attempt);
            let retry = policy.retry.filter(|retry| retry.follows(attempt));
            let spare = if retry.is_some() { again(&input) } else { None };
            let until = policy.timeout.and_then(timer::until);
            // What runs inside is told until when it has time, for whoever asks its context.
            let called = X::attempt::<S, _>(at, Under::new(until, || call(input, at)));
            let failure = match timer::within(policy.timeout, called).await {
                Ok(Ok(ended)) => match settle(ended, at) {
                    Ok(output) => return Ok(output),
                    Err(failure) => failure,
                },
                Ok(Err(failure)) => failure,
                Err(late) => late.into_failure(at),
            };
            let (Some(retry), Some(spare)) = (retry, spare) else { return Err(failure.with_attempts(attempt)) };
            let delay = retry.delay(attempt);
            let spent = started.map(|started| started.elapsed()).unwrap_or_default();
            if !retry.helps(&failure) || !retry.affords(spent, delay) {
                return Err(failure.with_attempts(attempt));
            }
            let Ok(wait) = timer::sleep(delay) else { return Err(timer::no_timer(at).with_attempts(attempt)) };
            X::retrying(at, delay, &failure.into_any());
            wait.await;
            input = spare;
            attempt += 1;
        }
    }
}
