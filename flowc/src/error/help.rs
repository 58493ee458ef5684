//! Suggestions that know more than the kind of the failure does.

use std::time::Duration;

use super::FailureKind;
use super::site::Site;
use crate::policy::{Refused, TimeLimit};

/// Which time limit of a run has passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Limit {
    /// The time that the run was given.
    Run,
    /// The moment at which the run was to be over.
    Deadline,
    /// The time that the engine gives each run.
    EngineRun,
}

impl Limit {
    /// What went wrong.
    pub(super) fn passed(self, length: Duration) -> String {
        match self {
            Self::Run | Self::EngineRun => format!("the run took longer than its limit of {length:?}"),
            Self::Deadline => format!("the run's deadline passed, {length:?} after it began"),
        }
    }

    /// What can be done about it.
    pub(super) fn help(self, length: Duration) -> String {
        match self {
            Self::Run => format!(
                "the run was given {length:?}: give it more with `.timeout(..)`, or see in `cancelled_steps()` which \
                 step took the time"
            ),
            Self::Deadline => "give the run a later `.deadline(..)`, start it earlier, or see in `cancelled_steps()` \
                               which step took the time"
                .to_owned(),
            Self::EngineRun => format!(
                "the engine gives each run {length:?}: give this one more with `.timeout(..)`, or all of them with \
                 `Engine::builder().run_timeout(..)`"
            ),
        }
    }
}

/// What is known where the failure is made, if that is more than its kind.
pub(super) fn of_place(kind: FailureKind, site: &Site) -> Option<String> {
    match (kind, site.spec()) {
        (FailureKind::Panic, Some(node)) => Some(format!(
            "a panic is a bug in the node `{}` ({}:{}): the message says what broke; return an error there instead",
            node.name, node.file, node.line
        )),
        (FailureKind::Panic, None) => Some(format!(
            "a value between the steps of `{}` panicked: compute it in a node that returns an error, or check it first",
            site.node()
        )),
        _ => None,
    }
}

/// The node's own error, attempt after attempt.
pub(super) fn of_attempts(attempts: u32) -> String {
    format!(
        "all {attempts} attempts failed, and the last error is shown; if it passes with more time, give the step a \
         longer `#[retry(..)]`, or handle it with `match catch(..)`"
    )
}

/// What a policy refused a call for.
pub(super) fn of_refused(why: &Refused) -> (FailureKind, String) {
    match why {
        Refused::BreakerOpen { name, retry_after } => (
            FailureKind::Breaker,
            format!(
                "the breaker `{name}` {}: what the step calls has failed too often lately; serve something else \
                 meanwhile with `fallback`, or handle it with `match catch(..)`",
                retry_after.map_or_else(
                    || "lets a few calls through from time to time, and all of them when these go well".to_owned(),
                    |wait| format!("lets calls through again in {}", shown(wait))
                )
            ),
        ),
        Refused::RateLimited { name, retry_after } => (
            FailureKind::Rate,
            format!(
                "the limiter `{name}` has room again in {}: let the step wait that long with `rate(wait = \"..\")`, \
                 call it less often, or raise the limit if the other side allows more",
                shown(*retry_after)
            ),
        ),
        Refused::QueueFull { name, queue: 0 } => (
            FailureKind::Concurrency,
            format!(
                "nobody may wait for a place in `{name}`: let calls wait with `concurrency(queue = ..)`, let more run with \
                 `max`, or start fewer runs at once"
            ),
        ),
        Refused::QueueFull { name, queue } => (
            FailureKind::Concurrency,
            format!(
                "{queue} calls wait for a place in `{name}` already: let more wait with `concurrency(queue = ..)`, let \
                 more run with `max`, or start fewer runs at once"
            ),
        ),
        Refused::TimedOut { limit, which } => of_limit(*which, *limit),
        Refused::NoTimer => (FailureKind::Runtime, FailureKind::Runtime.help().to_owned()),
    }
}

/// A time limit of a step.
fn of_limit(which: TimeLimit, limit: Duration) -> (FailureKind, String) {
    let kind = FailureKind::Timeout;
    match which {
        TimeLimit::Attempt => (
            kind,
            format!(
                "each attempt of this step has {limit:?}: give it more with `#[timeout(\"..\")]`, try again with \
                 `#[retry(..)]`, or handle it with `match catch(..)`"
            ),
        ),
        TimeLimit::Total => (
            kind,
            format!(
                "all attempts of this step together have {limit:?}: give them more with `timeout(total = \"..\")`, or \
                 handle it with `match catch(..)`"
            ),
        ),
        TimeLimit::Idle => (
            kind,
            format!(
                "this step may be silent for {limit:?}: call `cx.progress(..)` or `cx.emit(..)` more often, or give it \
                 more time with `timeout(idle = \"..\")`"
            ),
        ),
        TimeLimit::Queue => (
            FailureKind::Concurrency,
            format!(
                "a call of this step waits {limit:?} for a place: let it wait longer with `concurrency(wait = \"..\")`, \
                 let more run with `max`, or start fewer runs at once"
            ),
        ),
    }
}

/// A time as people read it: nanoseconds say nothing, and it is never told too short.
fn shown(wait: Duration) -> String {
    let millis = u64::try_from(wait.as_nanos().div_ceil(1_000_000)).unwrap_or(u64::MAX);
    format!("{:?}", Duration::from_millis(millis))
}
