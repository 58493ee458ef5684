//! What an error says of another attempt, as far as its type can be asked. Generated code calls a method of `&&&&Asks(error)`, and rustc
//! takes that of the trait for the most references that fits.

use std::error::Error;
use std::ops::Deref;
use std::time::Duration;

use super::super::{Retryable, transient};

/// An error that is asked.
pub struct Asks<'e, E>(pub &'e E);

/// An error that tells by itself.
pub trait AsksRetryable {
    /// Another attempt may succeed.
    fn __passes(&self) -> bool;
    /// How long to wait at least.
    fn __after(&self) -> Option<Duration>;
}

impl<E: Retryable> AsksRetryable for &&&Asks<'_, E> {
    fn __passes(&self) -> bool {
        self.0.is_retryable()
    }
    fn __after(&self) -> Option<Duration> {
        self.0.retry_after()
    }
}

/// An error whose sources may tell.
pub trait AsksError {
    /// Another attempt may succeed.
    fn __passes(&self) -> bool;
    /// How long to wait at least: only [`Retryable`] knows.
    fn __after(&self) -> Option<Duration> {
        None
    }
}

impl<E: Error + 'static> AsksError for &&Asks<'_, E> {
    fn __passes(&self) -> bool {
        transient(self.0)
    }
}

/// A box for any error, as `anyhow` has one.
pub trait AsksChain {
    /// Another attempt may succeed.
    fn __passes(&self) -> bool;
    /// How long to wait at least: only [`Retryable`] knows.
    fn __after(&self) -> Option<Duration> {
        None
    }
}

impl<E: Deref<Target = dyn Error + Send + Sync>> AsksChain for &Asks<'_, E> {
    fn __passes(&self) -> bool {
        let error: &(dyn Error + 'static) = &**self.0;
        transient(error)
    }
}

/// Any other error: it may pass, as far as anybody knows.
pub trait AsksNothing {
    /// Another attempt may succeed.
    fn __passes(&self) -> bool {
        true
    }
    /// How long to wait at least: nobody knows.
    fn __after(&self) -> Option<Duration> {
        None
    }
}

impl<E> AsksNothing for Asks<'_, E> {}
