use std::future::Future;
use std::time::Duration;

use super::{At, attempted};
use crate::context::Context;
use crate::error::Failure;
use crate::event::EventKind;
use crate::policy::Shares;
use crate::policy::step::{Limits, Tries};
use crate::step::Step;

/// What stands between a workflow and its steps: nothing at all in process, an observer under an engine, a journal where
/// runs are durable. The body of a workflow is compiled once for each executor it runs on.
pub trait Executor: Copy + Send + Sync {
    /// What the future of a step gives on this executor.
    type Ended<S: Step>;

    /// Begins a step. An executor that has the step's output already need not call it.
    fn step<S: Step>(
        at: At<'_, Self>,
        input: S::Input<'_>,
        resources: S::Resources<'_>,
    ) -> impl Future<Output = Self::Ended<S>> + Send;

    /// Turns what the future gave into the step's result.
    ///
    /// # Errors
    /// The failure of the step.
    fn settle<S: Step>(ended: Self::Ended<S>, at: At<'_, Self>) -> Result<S::Output, Failure<S::Error>>;

    /// The same for a failure that no `catch` takes: it goes up, its error no longer typed.
    ///
    /// # Errors
    /// The failure of the step.
    #[inline(always)]
    fn settle_any<S: Step>(ended: Self::Ended<S>, at: At<'_, Self>) -> Result<S::Output, Failure> {
        match Self::settle::<S>(ended, at) {
            Ok(output) => Ok(output),
            Err(failure) => Err(failure.into_any()),
        }
    }

    /// The context of the call at `at`. Only a node with `#[context]` asks for one; the step is over when it is dropped.
    fn context(at: At<'_, Self>) -> Context {
        Context::new(at.placed(), None)
    }

    /// Wraps one call of a node: each attempt of a step that is retried, or its only one.
    #[inline(always)]
    fn attempt<S: Step, F>(
        at: At<'_, Self>,
        call: F,
    ) -> impl Future<Output = Result<F::Output, Failure<S::Error>>> + Send
    where
        F: Future + Send,
    {
        let _ = at;
        attempted(call)
    }

    /// Something happened at `at` that is worth an event; `what` has no step yet.
    #[inline(always)]
    fn tell(at: At<'_, Self>, what: impl FnOnce() -> EventKind<()>) {
        let _ = (at, what);
    }

    /// The attempt at `at` has ended with `result`.
    #[inline(always)]
    fn attempt_ended<S: Step>(at: At<'_, Self>, result: &Result<S::Output, Failure<S::Error>>) {
        let _ = (at, result);
    }

    /// The attempt at `at` failed by `why`, and the node will be called again after `delay`.
    #[inline(always)]
    fn retrying(at: At<'_, Self>, delay: Duration, why: &Failure) {
        let _ = (at, delay, why);
    }

    /// What stands around the calls of a node that says `own` of it: that, and the executor's defaults for the rest.
    #[inline(always)]
    fn limits(at: At<'_, Self>, own: Limits) -> Limits {
        let _ = at;
        own
    }

    /// How often a node is tried that says `own` of it: so often, and the executor's defaults for the rest.
    #[inline(always)]
    fn tries(at: At<'_, Self>, own: Tries) -> Tries {
        let _ = at;
        own
    }

    /// The same place for a graph that was made at run time: the types of its steps are known only where they were added, and there
    /// only for the executors that this names. `None` where such a graph cannot run.
    #[cfg(feature = "dynamic")]
    #[doc(hidden)]
    fn known<'s>(at: At<'s, Self>) -> Option<Known<'s>>
    where
        Self: 's,
    {
        let _ = at;
        None
    }

    /// Where breakers, limiters, bulkheads and caches are found by name.
    #[inline(always)]
    fn shares<T>(at: At<'_, Self>, ask: impl FnOnce(&Shares) -> T) -> T {
        let _ = at;
        ask(Shares::global())
    }
}

/// Runs steps in the task that polls the run, and adds nothing to them.
#[derive(Debug, Clone, Copy, Default)]
pub struct InProcess;

impl Executor for InProcess {
    type Ended<S: Step> = S::Ended;

    #[inline(always)]
    fn step<S: Step>(
        at: At<'_, Self>,
        input: S::Input<'_>,
        resources: S::Resources<'_>,
    ) -> impl Future<Output = S::Ended> + Send {
        S::begin::<Self>(input, resources, at)
    }

    #[inline(always)]
    fn settle<S: Step>(ended: S::Ended, at: At<'_, Self>) -> Result<S::Output, Failure<S::Error>> {
        S::settle(ended, at)
    }

    #[cfg(feature = "dynamic")]
    fn known<'s>(at: At<'s, Self>) -> Option<Known<'s>>
    where
        Self: 's,
    {
        Some(Known::InProcess(at))
    }
}

/// A place in a run by one of the executors that graphs made at run time are compiled for.
#[cfg(feature = "dynamic")]
#[derive(Debug, Clone, Copy)]
pub enum Known<'s> {
    /// In the task that polls the run.
    InProcess(At<'s, InProcess>),
    /// The same with bounds.
    #[allow(private_interfaces, reason = "nobody outside has a use for it")]
    Tracked(At<'s, super::Tracked<'s>>),
    /// On an engine.
    Observed(At<'s, crate::__private::Observed<'s>>),
}
