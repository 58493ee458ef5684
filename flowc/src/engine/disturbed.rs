//! Calls of steps under chaos.

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;

use super::core::Core;
use super::observed::Observed;
use crate::error::{Failure, FailureKind};
use crate::run::At;
use crate::step::Step;
use crate::testing::chaos::{Chaos, FaultKind, Strike};
use crate::timer;

pin_project! {
    /// A call, and what chaos does before it begins. The call is held once and in place: futures of workflows are large.
    pub(super) struct Disturbed<'s, 'e, S, F> {
        at: At<'s, Observed<'e>>,
        before: Before,
        #[pin]
        call: F,
        step: PhantomData<fn() -> S>,
    }
}

enum Before {
    Unasked,
    Waits(Pin<Box<dyn Future<Output = Option<FaultKind>> + Send>>),
    Over,
}

/// A call under the engine's chaos. `open` is false where a call further out is the one to be disturbed.
pub(super) fn disturbed<'s, 'e, S, F>(at: At<'s, Observed<'e>>, open: bool, call: F) -> Disturbed<'s, 'e, S, F> {
    // The run itself is no step.
    let open = open && at.found().is_some() && !at.exec().0.plan.props.chaos.is_empty();
    Disturbed { at, before: if open { Before::Unasked } else { Before::Over }, call, step: PhantomData }
}

impl<S: Step, F: Future> Future for Disturbed<'_, '_, S, F> {
    type Output = Result<F::Output, Failure<S::Error>>;

    fn poll(self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        loop {
            match this.before {
                Before::Unasked => {
                    let core = Arc::clone(this.at.exec().0);
                    let strikes = strikes(*this.at, &core);
                    *this.before = Before::Waits(Box::pin(suffer(core, strikes)));
                }
                Before::Waits(wait) => {
                    let fault = ready!(wait.as_mut().poll(task));
                    *this.before = Before::Over;
                    match fault {
                        Some(FaultKind::Fail) => {
                            return Poll::Ready(Err(this.at.fail(FailureKind::Error, "chaos: an error")));
                        }
                        Some(FaultKind::Panic) => {
                            return Poll::Ready(Err(this.at.fail(FailureKind::Panic, "chaos: a panic")));
                        }
                        _ => {}
                    }
                }
                Before::Over => return this.call.poll(task).map(Ok),
            }
        }
    }
}

/// What each chaos does to the call at `at`.
fn strikes(at: At<'_, Observed<'_>>, core: &Core) -> Vec<Strike> {
    let path = at.path();
    let strike = |chaos: &Chaos| chaos.strike(core.run.id, core.number, &path, at.attempts());
    core.plan.props.chaos.iter().map(strike).collect()
}

/// Waits, and says how the call fails, if it does.
async fn suffer(core: Arc<Core>, strikes: Vec<Strike>) -> Option<FaultKind> {
    for Strike { delay, fault } in strikes {
        // A runtime says only by a panic that its timer is off; there nothing is delayed.
        if let Some(timer) = delay.and_then(|delay| timer::sleep(delay).ok()) {
            timer.await;
        }
        match fault {
            Some(FaultKind::Cancel) => {
                core.stop();
                std::future::pending::<()>().await;
            }
            Some(fault) => return Some(fault),
            None => {}
        }
    }
    None
}
