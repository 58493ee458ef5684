use std::future::{Future, ready};
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;

use super::then::Then;
use crate::error::Failure;
#[cfg(feature = "cassettes")]
use crate::error::FailureKind;
use crate::run::{At, Guarded, Outcome, Panicked};
use crate::step::Step;

/// What a closure `F` must be to stand in the place of this step: it takes the inputs that the node's function takes, without
/// resources and context, and returns what that function returns. For a workflow it returns `Result<T, flowc::AnyError>`.
///
/// `#[node]` and `workflow!` write it; see [`Builder::stub`](crate::Builder::stub).
#[diagnostic::on_unimplemented(
    message = "`{F}` cannot stand in the place of `{Self}`",
    label = "not a stub for `{Self}`",
    note = "a stub is a closure that takes the inputs of the node's function, and returns what that function returns"
)]
pub trait StubbedBy<F>: Step {
    #[doc(hidden)]
    fn stubbed(stub: &F, input: Self::Input<'_>) -> Result<Self::Output, Self::Error>;
}

/// What a closure `F` must be to stand in the place of this step when it takes its time: as for [`StubbedBy`], but it returns a
/// future of that. The future owns all that it needs.
///
/// `#[node]` and `workflow!` write it; see [`Builder::stub_async`](crate::Builder::stub_async).
#[diagnostic::on_unimplemented(
    message = "`{F}` cannot stand in the place of `{Self}`",
    label = "not an async stub for `{Self}`",
    note = "an async stub is a closure that takes the inputs of the node's function, and returns a future of what that function gives"
)]
pub trait StubbedAsyncBy<F, Fut>: Step {
    #[doc(hidden)]
    fn stubbed(
        stub: &F,
        input: Self::Input<'_>,
    ) -> impl Future<Output = Result<Self::Output, Self::Error>> + Send + 'static;
}

/// The result of a function that returns a `Result`. For generated code.
#[doc(hidden)]
pub fn fallible<R: Outcome>(returned: R) -> Result<R::Output, R::Error> {
    returned.into_result()
}

/// The result of a function that cannot fail by itself. For generated code.
#[doc(hidden)]
#[allow(clippy::unnecessary_wraps, reason = "it stands beside `fallible`")]
pub fn infallible<T, E>(returned: T) -> Result<T, E> {
    Ok(returned)
}

/// Why nothing came of what stands in the place of a step.
pub(crate) enum Amiss {
    Panicked(Panicked),
    /// What was recorded does not fit.
    #[cfg(feature = "cassettes")]
    Refused(String),
}

impl Amiss {
    pub(crate) fn into_failure<E, X: Copy>(self, at: At<'_, X>) -> Failure<E> {
        match self {
            Self::Panicked(panicked) => panicked.into_failure(at),
            #[cfg(feature = "cassettes")]
            Self::Refused(why) => at.fail(FailureKind::Error, why),
        }
    }
}

/// What stands in the place of a step, for one call.
pub(crate) type Given<S> =
    Pin<Box<dyn Future<Output = Result<Result<<S as Step>::Output, <S as Step>::Error>, Amiss>> + Send>>;

/// A stub of step `S`, its own type no longer known.
pub(crate) trait Stub<S: Step>: Send + Sync {
    fn call(&self, input: S::Input<'_>) -> Given<S>;
}

/// A stub that answers at once.
pub(crate) struct Ready<F>(pub(crate) F);

impl<S: StubbedBy<F>, F: Send + Sync> Stub<S> for Ready<F> {
    fn call(&self, input: S::Input<'_>) -> Given<S> {
        let given = catch_unwind(AssertUnwindSafe(|| S::stubbed(&self.0, input)));
        Box::pin(ready(given.map_err(|payload| Amiss::Panicked(Panicked::new(payload)))))
    }
}

/// A stub that takes its time.
pub(crate) struct Slow<F, Fut>(F, PhantomData<fn() -> Fut>);

impl<F, Fut> Slow<F, Fut> {
    pub(crate) fn new(stub: F) -> Self {
        Self(stub, PhantomData)
    }
}

impl<S: StubbedAsyncBy<F, Fut>, F: Send + Sync, Fut> Stub<S> for Slow<F, Fut> {
    fn call(&self, input: S::Input<'_>) -> Given<S> {
        match catch_unwind(AssertUnwindSafe(|| S::stubbed(&self.0, input))) {
            Ok(future) => {
                Box::pin(Then::new(Guarded::new(future), |ended: Result<_, _>| ended.map_err(Amiss::Panicked)))
            }
            Err(payload) => Box::pin(ready(Err(Amiss::Panicked(Panicked::new(payload))))),
        }
    }
}
