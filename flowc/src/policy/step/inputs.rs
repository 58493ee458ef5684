//! What is asked of the inputs of a step. Each function asks for one thing, so that rustc says what is missing at the option that needs it.

use std::marker::PhantomData;
use std::sync::Arc;

use super::{Key, Policy};
use crate::step::Step;

/// The inputs once more. `Clone` is asked for here, at the option that needs it.
pub fn again<I: Clone>(input: &I) -> I {
    input.clone()
}

/// Whose rate a call is counted for.
pub fn rate_key(key: impl Into<Arc<str>>) -> Arc<str> {
    key.into()
}

/// How many tokens a call will use, about.
pub fn rate_cost(tokens: impl Into<u64>) -> u64 {
    tokens.into()
}

/// What a policy asks of inputs of the type `I`.
pub(super) struct Asked<'i, I> {
    pub(super) key: Option<fn(&I) -> Key>,
    pub(super) lane: Option<fn(&I) -> Arc<str>>,
    pub(super) cost: Option<fn(&I) -> u64>,
    pub(super) again: Option<fn(&I, PhantomData<&'i ()>) -> I>,
}

// A derived impl would ask for `I: Copy`, though only function pointers name it.
impl<I> Clone for Asked<'_, I> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<I> Copy for Asked<'_, I> {}

impl<S: Step> Policy<S> {
    #[allow(
        clippy::manual_map,
        clippy::type_complexity,
        reason = "a closure would have to name a lifetime that it cannot"
    )]
    pub(super) fn asked<'i>(&self) -> Asked<'i, S::Input<'i>> {
        let Self { cache, lane, cost, retry, .. } = *self;
        let key: Option<fn(&S::Input<'i>) -> Key> = match cache {
            Some(cache) => Some(cache.key),
            None => None,
        };
        let lane: Option<fn(&S::Input<'i>) -> Arc<str>> = match lane {
            Some(lane) => Some(lane),
            None => None,
        };
        let cost: Option<fn(&S::Input<'i>) -> u64> = match cost {
            Some(cost) => Some(cost),
            None => None,
        };
        let again: Option<fn(&S::Input<'i>, PhantomData<&'i ()>) -> S::Input<'i>> = match retry {
            Some(retry) => Some(retry.again),
            None => None,
        };
        Asked { key, lane, cost, again }
    }
}
