//! From what a node's function returned to the result of its step.

use super::{At, Panicked};
use crate::error::Failure;

/// A `Result`, under whatever name it goes: the way from `io::Result<T>` to its two types.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is named `Result` but is none",
    label = "not a `Result<T, E>`",
    note = "a return type whose last segment is `Result` makes a node fallible; give the type another name, or return a `Result`"
)]
pub trait Outcome {
    /// The value.
    type Output;
    /// The error.
    type Error;
    /// The same, as the plain `Result`.
    ///
    /// # Errors
    /// The error that is in it.
    fn into_result(self) -> Result<Self::Output, Self::Error>;
}

impl<T, E> Outcome for Result<T, E> {
    type Output = T;
    type Error = E;
    #[inline(always)]
    fn into_result(self) -> Self {
        self
    }
}

/// Why a call came to no end.
pub trait Halt {
    /// The failure of the step at `at`.
    fn into_failure<E, X: Copy>(self, at: At<'_, X>) -> Failure<E>;
}

impl Halt for Panicked {
    #[cold]
    fn into_failure<E, X: Copy>(self, at: At<'_, X>) -> Failure<E> {
        Self::into_failure(self, at)
    }
}

/// The result of a step whose node returns a `Result`.
///
/// # Errors
/// The failure of the step.
#[inline(always)]
pub fn settled<R: Outcome, H: Halt, X: Copy>(
    ended: Result<R, H>,
    at: At<'_, X>,
) -> Result<R::Output, Failure<R::Error>> {
    match ended {
        Ok(outcome) => match outcome.into_result() {
            Ok(output) => Ok(output),
            Err(error) => Err(at.fail_with(error)),
        },
        Err(halt) => Err(halt.into_failure(at)),
    }
}

/// The result of a step whose node cannot fail by itself.
///
/// # Errors
/// The failure of the step: a panic, say.
#[inline(always)]
pub fn settled_plain<T, E, H: Halt, X: Copy>(ended: Result<T, H>, at: At<'_, X>) -> Result<T, Failure<E>> {
    match ended {
        Ok(output) => Ok(output),
        Err(halt) => Err(halt.into_failure(at)),
    }
}
