//! The time limits around a step that may be a whole workflow: what is made inside learns of them while it is polled.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;

use pin_project_lite::pin_project;

use super::super::Pulse;

thread_local! {
    static UNTIL: Cell<Option<Instant>> = const { Cell::new(None) };
    static PULSE: RefCell<Option<Arc<Pulses>>> = const { RefCell::new(None) };
}

/// The earliest of the limits around what runs on this thread now.
pub(crate) fn until() -> Option<Instant> {
    UNTIL.get()
}

/// The idle limits around what runs on this thread now.
pub(crate) fn pulse() -> Option<Arc<Pulses>> {
    // A thread that ends has none.
    PULSE.try_with(|pulse| pulse.borrow().clone()).ok().flatten()
}

/// The pulse of a step with an idle limit, and those of the steps around it: a sign of life is one for all of them.
#[derive(Debug)]
pub(crate) struct Pulses {
    own: Pulse,
    around: Option<Arc<Pulses>>,
}

impl Pulses {
    /// A sign of life.
    pub(crate) fn beat(&self) {
        let mut pulses = Some(self);
        while let Some(Self { own, around }) = pulses {
            own.beat();
            pulses = around.as_deref();
        }
    }
}

/// What holds while a future is polled.
struct Limits {
    until: Option<Instant>,
    pulse: Option<Arc<Pulses>>,
}

/// Puts back what held before, also when what ran in between panicked.
struct Restore {
    until: Option<Instant>,
    /// Nothing where the pulse was not changed.
    pulse: Option<Option<Arc<Pulses>>>,
}

impl Drop for Restore {
    fn drop(&mut self) {
        UNTIL.set(self.until);
        if let Some(pulse) = self.pulse.take() {
            swap(pulse);
        }
    }
}

/// Makes these the idle limits, and gives those that were.
fn swap(pulse: Option<Arc<Pulses>>) -> Option<Arc<Pulses>> {
    PULSE.try_with(|place| place.replace(pulse)).ok().flatten()
}

impl Limits {
    fn hold<T>(&self, inside: impl FnOnce() -> T) -> T {
        let around = UNTIL.get();
        let pulse = self.pulse.as_ref().map(|pulse| swap(Some(Arc::clone(pulse))));
        let _restore = Restore { until: around, pulse };
        UNTIL.set(self.until.into_iter().chain(around).min());
        inside()
    }
}

pin_project! {
    /// A future that is polled under limits.
    pub(crate) struct Under<F> {
        limits: Limits,
        #[pin]
        future: F,
    }
}

impl<F> Under<F> {
    /// Makes the future under a limit, and keeps it there.
    pub(crate) fn new(until: Option<Instant>, begin: impl FnOnce() -> F) -> Self {
        Self::alive(until, None, begin)
    }

    /// The same, where an idle limit waits for signs of life as well.
    pub(super) fn alive(until: Option<Instant>, pulse: Option<&Pulse>, begin: impl FnOnce() -> F) -> Self {
        let pulse = pulse.map(|own| Arc::new(Pulses { own: own.clone(), around: self::pulse() }));
        let limits = Limits { until, pulse };
        let future = limits.hold(begin);
        Self { limits, future }
    }
}

impl<F: Future> Future for Under<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        this.limits.hold(|| this.future.poll(cx))
    }
}
