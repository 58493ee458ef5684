//! What stands in the place of spans without the feature `tracing`: nothing, in the same shape.

#![allow(clippy::unused_self, clippy::extra_unused_type_parameters)]

use std::fmt::Display;
use std::future::Future;

use crate::error::FailureKind;
use crate::event::Usage;
use crate::graph::GraphSpec;
use crate::id::Identity;
use crate::run::At;

/// No span.
#[derive(Debug, Clone)]
pub(crate) struct Span;

impl Span {
    #[inline(always)]
    pub(crate) fn none() -> Self {
        Self
    }

    #[inline(always)]
    pub(crate) fn run(_: &'static GraphSpec, _: &Identity) -> Self {
        Self
    }

    #[inline(always)]
    pub(crate) fn step<X: Copy>(_: At<'_, X>, _: &Identity) -> Self {
        Self
    }

    #[inline(always)]
    pub(crate) fn model(_: &'static str, _: &str, _: Option<&str>, _: &str) -> Self {
        Self
    }

    #[inline(always)]
    pub(crate) fn used(&self, _: &Usage) {}

    #[inline(always)]
    pub(crate) fn broke(&self, _: &str, _: &dyn Display) {}

    #[inline(always)]
    pub(crate) fn inside<T>(&self, work: impl FnOnce() -> T) -> T {
        work()
    }

    #[inline(always)]
    pub(crate) fn around<F: Future>(&self, future: F) -> F {
        future
    }

    #[inline(always)]
    pub(crate) fn done(&self) {}

    #[inline(always)]
    pub(crate) fn cancelled(&self) {}

    #[inline(always)]
    pub(crate) fn failed<E>(&self, _: FailureKind, _: impl FnOnce() -> String) {}
}

#[allow(
    clippy::unused_self,
    clippy::trivially_copy_pass_by_ref,
    reason = "the attempts of the feature have the same shape"
)]
#[inline(always)]
pub(crate) fn left() -> Span {
    Span
}

#[inline(always)]
pub(crate) fn attempting<X: Copy, F: Future>(_: At<'_, X>, call: F) -> F {
    call
}

#[inline(always)]
pub(crate) fn carried<F: Future>(future: F) -> F {
    future
}

#[inline(always)]
pub(crate) fn carried_call<T, C: FnOnce() -> T>(call: C) -> C {
    call
}

#[inline(always)]
pub(crate) fn used(_: &Usage) {}

#[inline(always)]
pub(crate) fn headers() -> Option<(String, Option<String>)> {
    None
}
