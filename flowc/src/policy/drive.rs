//! The calls of one step under its policy.

use std::error::Error;
use std::future::Future;

use super::{Policy, timer};
use crate::error::Failure;
use crate::run::{At, Executor};

/// Calls a node until it succeeds or its policy says that it is enough.
///
/// `again` gives the inputs once more, or `None` where the node may be called only once. `settle` turns what a call gave into
/// the step's result, after the await, so that the future stays small.
pub fn drive<'s, X, I, C, F, T, E>(
    policy: Policy<E>,
    at: At<'s, X>,
    input: I,
    again: impl Fn(&I) -> Option<I> + Send,
    call: C,
    settle: fn(F::Output, At<'s, X>) -> Result<T, Failure<E>>,
) -> impl Future<Output = Result<T, Failure<E>>> + Send
where
    X: Executor,
    I: Send,
    C: Fn(I, At<'s, X>) -> F + Send,
    F: Future + Send,
    T: Send,
    E: Into<Box<dyn Error + Send + Sync>> + Send + 'static,
{
    // A caller that applies the policies itself wants one plain call.
    let policy = if at.is_bare() { Policy::NONE } else { policy };
    async move {
        let started = policy.retry.map(|_| timer::now());
        let mut input = input;
        let mut attempt = 1;
        loop {
            let at = at.attempt(attempt);
            let retry = policy.retry.filter(|retry| retry.follows(attempt));
            let spare = if retry.is_some() { again(&input) } else { None };
            let failure = match timer::within(policy.timeout, call(input, at)).await {
                Ok(ended) => match settle(ended, at) {
                    Ok(output) => return Ok(output),
                    Err(failure) => failure,
                },
                Err(late) => late.into_failure(at),
            };
            let (Some(retry), Some(spare)) = (retry, spare) else { return Err(failure.with_attempts(attempt)) };
            let delay = retry.delay(attempt);
            let spent = started.map(|started| started.elapsed()).unwrap_or_default();
            if !retry.helps(&failure) || !retry.affords(spent, delay) {
                return Err(failure.with_attempts(attempt));
            }
            let wait = match timer::sleep(delay) {
                Ok(wait) => wait,
                Err(none) => return Err(none.into_failure(at).with_attempts(attempt)),
            };
            X::retrying(at, delay, &failure.into_any());
            wait.await;
            input = spare;
            attempt += 1;
        }
    }
}
