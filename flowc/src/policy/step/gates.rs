//! What a call passes before it is made: a breaker, a rate, a bulkhead.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::Poll;
use std::time::Duration;

use super::super::{
    Breaker, BreakerPermit, BreakerTransition, Bulkhead, BulkheadPermit, RateLimiter, Refused, TokenCharge, timer,
};
use super::Limits;
use crate::error::{Failure, FailureKind};
use crate::event::EventKind;
use crate::run::{At, Executor};

/// The gates of a step. They are looked for once, and only those that there are.
#[derive(Clone, Default)]
pub(crate) struct Gates {
    breaker: Option<Breaker>,
    limiter: Option<RateLimiter>,
    bulkhead: Option<Bulkhead>,
}

/// Whose rate a call is counted for, and what it costs.
#[derive(Clone, Default)]
pub(crate) struct Lane {
    pub(super) key: Option<Arc<str>>,
    pub(super) tokens: u64,
}

/// A call may be made. What it holds is given back when it is dropped.
pub(super) struct Passed<'s, X: Executor> {
    at: At<'s, X>,
    breaker: Option<BreakerPermit>,
    charge: Option<(TokenCharge, Arc<AtomicU64>)>,
    place: Option<(Arc<str>, BulkheadPermit)>,
}

impl<X: Executor> Drop for Passed<'_, X> {
    fn drop(&mut self) {
        if let Some((charge, used)) = self.charge.take() {
            match used.load(Ordering::Relaxed) {
                // Nobody told how many tokens it used, so the estimate stands.
                0 => drop(charge),
                used => charge.settle(used),
            }
        }
        if let Some((name, permit)) = self.place.take() {
            drop(permit);
            X::tell(self.at, || EventKind::PermitReturned { step: (), name });
        }
    }
}

impl Gates {
    /// Those that `limits` names, of the engine or of the process.
    pub(crate) fn find<X: Executor>(at: At<'_, X>, limits: &Limits, node: &'static str) -> Self {
        let Limits { breaker, rate, concurrency, .. } = limits;
        if breaker.is_none() && rate.is_none() && concurrency.is_none() {
            return Self::default();
        }
        X::shares(at, |shares| Self {
            breaker: breaker.as_ref().map(|shared| shares.breaker(shared.name(node), &shared.policy)),
            limiter: rate.as_ref().map(|shared| shares.limiter(shared.name(node), &shared.policy)),
            bulkhead: concurrency.as_ref().map(|shared| shares.bulkhead(shared.name(node), &shared.policy)),
        })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.breaker.is_none() && self.limiter.is_none() && self.bulkhead.is_none()
    }

    /// Waits until a call may be made.
    pub(super) async fn pass<'s, X: Executor>(&self, at: At<'s, X>, lane: &Lane) -> Result<Passed<'s, X>, Refused> {
        let mut passed = Passed::freely(at);
        if let Some(breaker) = &self.breaker {
            let (permit, transition) = breaker.admit();
            changed(at, transition);
            passed.breaker = Some(permit?);
        }
        if let Some(limiter) = &self.limiter {
            let key = lane.key.as_deref().unwrap_or_default();
            let turn = limiter.acquire_tokens(key, lane.tokens);
            passed.charge = Some((waiting(at, "rate", limiter.name(), turn).await?, Arc::default()));
        }
        if let Some(bulkhead) = &self.bulkhead {
            let permit = waiting(at, "concurrency", bulkhead.name(), bulkhead.acquire()).await?;
            passed.place = Some((Arc::clone(bulkhead.name()), permit));
        }
        if let Some(breaker) = &mut passed.breaker {
            // A call is slow by its own time, not by that in the line.
            breaker.begin();
        }
        Ok(passed)
    }
}

impl<'s, X: Executor> Passed<'s, X> {
    /// Nothing stood in the way.
    pub(super) fn freely(at: At<'s, X>) -> Self {
        Self { at, breaker: None, charge: None, place: None }
    }

    /// Where the tokens are counted that the call uses.
    pub(super) fn used(&self) -> Option<Arc<AtomicU64>> {
        self.charge.as_ref().map(|(_, used)| Arc::clone(used))
    }

    /// What became of the call. Whoever is refused, cancelled or has no runtime says nothing about what would have been called.
    pub(super) fn end<T, E>(mut self, result: &Result<T, Failure<E>>, trips: Option<fn(&E) -> bool>) {
        let Some(permit) = self.breaker.take() else { return };
        let failed = match result {
            Ok(_) => false,
            Err(failure) => match failure.kind() {
                FailureKind::Error => match (failure.error(), trips) {
                    (Some(error), Some(trips)) => trips(error),
                    _ => true,
                },
                FailureKind::Timeout | FailureKind::Panic | FailureKind::Rounds => true,
                _ => return,
            },
        };
        changed(self.at, permit.end(failed));
    }
}

/// A call made a breaker change its state.
fn changed<X: Executor>(at: At<'_, X>, transition: Option<BreakerTransition>) {
    if let Some(BreakerTransition { name, from, to, .. }) = transition {
        X::tell(at, || EventKind::BreakerChanged { step: (), name, from, to });
    }
}

/// What `turn` gives; the executor is told how long it took to come.
async fn waiting<X: Executor, T>(
    at: At<'_, X>,
    policy: &'static str,
    name: &Arc<str>,
    turn: impl Future<Output = Result<T, Refused>>,
) -> Result<T, Refused> {
    let mut turn = pin!(turn);
    let (permit, waited) = match poll_fn(|task| Poll::Ready(turn.as_mut().poll(task))).await {
        Poll::Ready(permit) => (permit?, Duration::ZERO),
        Poll::Pending => {
            let begun = timer::now();
            (turn.await?, begun.elapsed())
        }
    };
    X::tell(at, || EventKind::PermitTaken { step: (), policy: policy.into(), name: Arc::clone(name), waited });
    Ok(permit)
}
