//! The policies of a step: what `#[node(..)]`, an attribute at a step and the engine say, and how it is applied to the calls.
//!
//! A [`Policy`] is constant data. [`drive`] applies it, from the outside to the inside: fallback, cache, retry, and for each attempt
//! breaker, rate, concurrency and the time limits. [`Overridden`] is a step whose caller has its own say.

mod asks;
mod caching;
mod drive;
mod gates;
mod inputs;
mod once;
mod overridden;
mod tries;
mod under;

pub use asks::{Asks, AsksChain, AsksError, AsksNothing, AsksRetryable};
pub use caching::{CacheKey, Key, cache_key, cached};
pub use drive::drive;
pub use inputs::{again, rate_cost, rate_key};
pub(crate) use once::within;
pub use overridden::{Overridden, Override, overridden};
pub use tries::Tries;
pub(crate) use under::{Signs, Under, signs, until};

use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use super::{BreakerPolicy, CachePolicy, ConcurrencyPolicy, RatePolicy, Timeout};
use crate::error::Failure;
use crate::step::Step;
use caching::Caching;

/// The policies of a node, or those that a step overrides.
pub struct Policy<S: Step> {
    limits: Limits,
    trips: Option<fn(&S::Error) -> bool>,
    lane: Option<OfInput<S, Arc<str>>>,
    cost: Option<OfInput<S, u64>>,
    retry: Option<Retrying<S>>,
    cache: Option<Caching<S>>,
    fallback: Option<Fallback<S>>,
}

/// What does not depend on the types of a step, and what an engine may have defaults for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Limits {
    pub(crate) timeout: Option<Timeout>,
    pub(crate) breaker: Option<Named<BreakerPolicy>>,
    pub(crate) rate: Option<Named<RatePolicy>>,
    pub(crate) concurrency: Option<Named<ConcurrencyPolicy>>,
}

/// The settings of something that several steps share: those that say the same name, or all that call the same node.
#[derive(Debug, Clone, Copy)]
pub struct Named<P> {
    name: Option<&'static str>,
    policy: P,
}

/// How a failed attempt is followed by another.
struct Retrying<S: Step> {
    tries: Tries,
    again: Again<S>,
    when: Option<fn(&S::Error) -> bool>,
    after: Option<After<S>>,
}

/// What is asked of the inputs of a step.
type OfInput<S, T> = for<'b, 'a> fn(&'b <S as Step>::Input<'a>) -> T;

/// What to give instead of an output.
type Fallback<S> = fn(&Failure<<S as Step>::Error>) -> <S as Step>::Output;

/// How long to wait at least, as an error says.
type After<S> = fn(&<S as Step>::Error) -> Option<Duration>;

/// Gives inputs once more. A type inside of `S` says nothing of its lifetime to rustc, so the second parameter does.
type Again<S> = for<'b, 'a> fn(&'b <S as Step>::Input<'a>, PhantomData<&'a ()>) -> <S as Step>::Input<'a>;

// Derived impls would ask for `S: Copy`, though only function pointers name what is of `S`.
impl<S: Step> Clone for Policy<S> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<S: Step> Copy for Policy<S> {}
impl<S: Step> Clone for Retrying<S> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<S: Step> Copy for Retrying<S> {}

impl<P> Named<P> {
    /// All who say this name.
    pub const fn called(name: &'static str, policy: P) -> Self {
        Self { name: Some(name), policy }
    }

    /// All who call the same node.
    pub const fn by_node(policy: P) -> Self {
        Self { name: None, policy }
    }

    fn name(&self, node: &'static str) -> &'static str {
        self.name.unwrap_or(node)
    }
}

impl Limits {
    /// One call whenever one is wanted, and all the time it takes.
    pub const NONE: Self = Self { timeout: None, breaker: None, rate: None, concurrency: None };

    /// What is said here, and for the rest what `base` says.
    pub(crate) const fn over(self, base: Self) -> Self {
        Self {
            timeout: first(self.timeout, base.timeout),
            breaker: first(self.breaker, base.breaker),
            rate: first(self.rate, base.rate),
            concurrency: first(self.concurrency, base.concurrency),
        }
    }

    /// Nothing stands around a call.
    pub(crate) const fn is_none(&self) -> bool {
        matches!(self, Self { timeout: None, breaker: None, rate: None, concurrency: None })
    }
}

/// `Option::or`, for constants.
const fn first<T: Copy>(one: Option<T>, other: Option<T>) -> Option<T> {
    match one {
        Some(_) => one,
        None => other,
    }
}

impl<S: Step> Policy<S> {
    /// One call, and all the time it takes.
    pub const NONE: Self =
        Self { limits: Limits::NONE, trips: None, lane: None, cost: None, retry: None, cache: None, fallback: None };

    /// Time limits.
    #[must_use]
    pub const fn timeout(mut self, timeout: Timeout) -> Self {
        self.limits.timeout = Some(timeout);
        self
    }

    /// A failed attempt is followed by another; `again` gives the inputs once more.
    #[must_use]
    pub const fn retry(mut self, tries: Tries, again: Again<S>) -> Self {
        self.retry = Some(Retrying { tries, again, when: None, after: None });
        self
    }

    /// Only an error of which this holds is worth another attempt.
    #[must_use]
    pub const fn retry_if(mut self, when: fn(&S::Error) -> bool) -> Self {
        if let Some(retry) = &mut self.retry {
            retry.when = Some(when);
        }
        self
    }

    /// The error may say how long to wait at least.
    #[must_use]
    pub const fn retry_after(mut self, after: fn(&S::Error) -> Option<Duration>) -> Self {
        if let Some(retry) = &mut self.retry {
            retry.after = Some(after);
        }
        self
    }

    /// What fails again and again is left alone for a while.
    #[must_use]
    pub const fn breaker(mut self, breaker: Named<BreakerPolicy>) -> Self {
        self.limits.breaker = Some(breaker);
        self
    }

    /// Only an error of which this holds counts for the breaker.
    #[must_use]
    pub const fn trips(mut self, when: fn(&S::Error) -> bool) -> Self {
        self.trips = Some(when);
        self
    }

    /// So many calls in a time.
    #[must_use]
    pub const fn rate(mut self, rate: Named<RatePolicy>) -> Self {
        self.limits.rate = Some(rate);
        self
    }

    /// Each key has a rate of its own.
    #[must_use]
    pub const fn rate_key(mut self, key: OfInput<S, Arc<str>>) -> Self {
        self.lane = Some(key);
        self
    }

    /// About so many tokens of a model a call uses.
    #[must_use]
    pub const fn rate_cost(mut self, cost: OfInput<S, u64>) -> Self {
        self.cost = Some(cost);
        self
    }

    /// So many calls at once.
    #[must_use]
    pub const fn concurrency(mut self, concurrency: Named<ConcurrencyPolicy>) -> Self {
        self.limits.concurrency = Some(concurrency);
        self
    }

    /// An output is kept, and given again for the same key.
    #[must_use]
    pub const fn cache(
        mut self,
        cache: Named<CachePolicy>,
        key: OfInput<S, Key>,
        copy: fn(&S::Output) -> S::Output,
    ) -> Self {
        self.cache = Some(Caching { cache, key, copy });
        self
    }

    /// What to give instead where the step fails.
    #[must_use]
    pub const fn fallback(mut self, fallback: fn(&Failure<S::Error>) -> S::Output) -> Self {
        self.fallback = Some(fallback);
        self
    }

    /// What this policy names, and for the rest what `base` says. An option is replaced as a whole, with all that belongs to it.
    #[must_use]
    pub const fn over(mut self, base: &Self) -> Self {
        if self.limits.breaker.is_none() {
            self.trips = base.trips;
        }
        if self.limits.rate.is_none() {
            self.lane = base.lane;
            self.cost = base.cost;
        }
        self.limits = self.limits.over(base.limits);
        self.retry = first(self.retry, base.retry);
        self.cache = first(self.cache, base.cache);
        self.fallback = first(self.fallback, base.fallback);
        self
    }
}
