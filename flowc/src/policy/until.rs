//! The time limit around a step that may be a whole workflow: what is made inside learns of it while it is polled.

use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Instant;

use pin_project_lite::pin_project;

thread_local! {
    static UNTIL: Cell<Option<Instant>> = const { Cell::new(None) };
}

/// The earliest of the limits around what runs on this thread now.
pub(crate) fn current() -> Option<Instant> {
    UNTIL.get()
}

/// Puts the limit back that held before, also when what ran in between panicked.
struct Restore(Option<Instant>);

impl Drop for Restore {
    fn drop(&mut self) {
        UNTIL.set(self.0);
    }
}

/// Runs `inside` under a limit, if there is one.
pub(super) fn under<T>(until: Option<Instant>, inside: impl FnOnce() -> T) -> T {
    let around = UNTIL.get();
    let _restore = Restore(around);
    UNTIL.set(until.into_iter().chain(around).min());
    inside()
}

pin_project! {
    /// A future that is polled under a limit.
    pub(crate) struct Under<F> {
        until: Option<Instant>,
        #[pin]
        future: F,
    }
}

impl<F> Under<F> {
    /// Makes the future under the limit, and keeps it there.
    pub(crate) fn new(until: Option<Instant>, begin: impl FnOnce() -> F) -> Self {
        Self { until, future: under(until, begin) }
    }
}

impl<F: Future> Future for Under<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        under(*this.until, || this.future.poll(cx))
    }
}
