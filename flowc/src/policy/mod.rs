//! What a node may be given besides its work: time limits and second chances.
//!
//! A [`Policy`] is constant data, written by `#[node(..)]` or at a step. [`drive`] applies it to the calls of one step, and
//! [`Overridden`] is a step whose caller has its own say.

mod drive;
mod overridden;
mod retry;
mod timer;
mod until;

use std::time::Duration;

pub use drive::drive;
pub use overridden::{Overridden, Override, again, overridden};
pub use retry::Retry;
pub(crate) use until::current as until;

/// The policies of a node, or those that a step overrides.
pub struct Policy<E> {
    timeout: Option<Duration>,
    retry: Option<Retry<E>>,
}

// Derived impls would ask for `E: Copy`, though only a function pointer names `E`.
impl<E> Clone for Policy<E> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<E> Copy for Policy<E> {}

impl<E> Policy<E> {
    /// One call, and all the time it takes.
    pub const NONE: Self = Self { timeout: None, retry: None };

    /// Each attempt may take this long.
    #[must_use]
    pub const fn timeout(self, timeout: Duration) -> Self {
        Self { timeout: Some(timeout), retry: self.retry }
    }

    /// A failed attempt is followed by another.
    #[must_use]
    pub const fn retry(self, retry: Retry<E>) -> Self {
        Self { timeout: self.timeout, retry: Some(retry) }
    }

    /// What this policy names, and for the rest what `base` says.
    fn over(&self, base: &Self) -> Self {
        Self { timeout: self.timeout.or(base.timeout), retry: self.retry.or(base.retry) }
    }
}

/// An output can be kept and given again. `Clone` is asked for here, at the option that needs it.
pub const fn cached<T: Clone>() {}
