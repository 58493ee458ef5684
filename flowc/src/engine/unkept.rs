//! Without the feature `journal` no run is kept.

use std::future::Future;

use super::core::Core;
use super::observed::{Observed, Settled};
use crate::error::Failure;
use crate::run::At;
use crate::step::{Step, Workflow};

/// There is none.
#[derive(Clone, Copy)]
pub(super) enum Durable {}

#[allow(clippy::extra_unused_type_parameters, reason = "with the feature, the step decides")]
pub(super) fn of_step<S: Step>(_: At<'_, Observed<'_>>) -> Option<Durable> {
    None
}

pub(super) fn journaled<S: Step, F: Future<Output = Settled<S>> + Send>(
    _: Option<Durable>,
    _: At<'_, Observed<'_>>,
    call: F,
) -> F {
    call
}

pub(super) fn checked<T, E>(_: At<'_, Observed<'_>>, result: Result<T, Failure<E>>) -> Result<T, Failure<E>> {
    result
}

pub(super) fn kept<W: Workflow, F>(_: &Core, run: F) -> F
where
    F: Future<Output = Result<W::Output, Failure>> + Send,
{
    run
}
