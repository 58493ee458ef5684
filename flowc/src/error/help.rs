//! Suggestions that know more than the kind of the failure does.

use std::time::Duration;

use super::FailureKind;
use super::site::Site;

/// Which time limit has passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(dead_code, reason = "each is for the policy of that name")]
pub(crate) enum Limit {
    /// `timeout` of each attempt.
    Attempt,
    /// `timeout(total = ..)`: all attempts of a step together.
    Total,
    /// `timeout(idle = ..)`: the longest time without progress.
    Idle,
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
            Self::Attempt => format!("it took longer than {length:?}"),
            Self::Total => format!("all of its attempts together took longer than {length:?}"),
            Self::Idle => format!("it made no progress for {length:?}"),
            Self::Run | Self::EngineRun => format!("the run took longer than its limit of {length:?}"),
            Self::Deadline => format!("the run's deadline passed, {length:?} after it began"),
        }
    }

    /// What can be done about it.
    pub(super) fn help(self, length: Duration) -> String {
        match self {
            Self::Attempt => format!(
                "each attempt of this step has {length:?}: give it more with `#[timeout(\"..\")]`, try again with \
                 `#[retry(..)]`, or handle it with `match catch(..)`"
            ),
            Self::Total => format!(
                "all attempts of this step together have {length:?}: give them more with `timeout(total = \"..\")`, \
                 or handle it with `match catch(..)`"
            ),
            Self::Idle => format!(
                "this step may be silent for {length:?}: call `cx.progress(..)` or `cx.emit(..)` more often, or give \
                 it more time with `timeout(idle = \"..\")`"
            ),
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

/// The suggestion, once it is known when another try makes sense.
pub(super) fn after(wait: Duration, help: &str) -> String {
    format!("try again in {wait:?}: {help}")
}
