//! The time limits around a step that may be a whole workflow: what is made inside learns of them while it is polled.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Instant;

use pin_project_lite::pin_project;

use super::super::Pulse;

thread_local! {
    static UNTIL: Cell<Option<Instant>> = const { Cell::new(None) };
    static SIGNS: RefCell<Option<Arc<Signs>>> = const { RefCell::new(None) };
}

/// The earliest of the limits around what runs on this thread now.
pub(crate) fn until() -> Option<Instant> {
    UNTIL.get()
}

/// Who waits for signs of what runs on this thread now.
pub(crate) fn signs() -> Option<Arc<Signs>> {
    // A thread that ends has none.
    SIGNS.try_with(|signs| signs.borrow().clone()).ok().flatten()
}

/// What the policies of a step want to hear from its node, and those of the steps around it: a sign is one for all of them.
#[derive(Debug)]
pub(crate) struct Signs {
    /// An idle limit waits for signs of life.
    pub(super) pulse: Option<Pulse>,
    /// A rate counts the tokens that were used.
    pub(super) used: Option<Arc<AtomicU64>>,
    around: Option<Arc<Signs>>,
}

impl Signs {
    pub(super) fn new(pulse: Option<Pulse>, used: Option<Arc<AtomicU64>>) -> Option<Arc<Self>> {
        let wanted = pulse.is_some() || used.is_some();
        wanted.then(|| Arc::new(Self { pulse, used, around: signs() }))
    }

    /// A sign of life.
    pub(crate) fn beat(&self) {
        self.all().filter_map(|signs| signs.pulse.as_ref()).for_each(Pulse::beat);
    }

    /// So many tokens were used.
    pub(crate) fn used(&self, tokens: u64) {
        for used in self.all().filter_map(|signs| signs.used.as_ref()) {
            used.fetch_add(tokens, Ordering::Relaxed);
        }
    }

    fn all(&self) -> impl Iterator<Item = &Self> {
        std::iter::successors(Some(self), |signs| signs.around.as_deref())
    }
}

/// What holds while a future is polled.
struct Limits {
    until: Option<Instant>,
    signs: Option<Arc<Signs>>,
}

/// Puts back what held before, also when what ran in between panicked.
#[allow(clippy::option_option, reason = "nothing to put back, or nobody who waited")]
struct Restore {
    until: Option<Instant>,
    /// Nothing where they were not changed.
    signs: Option<Option<Arc<Signs>>>,
}

impl Drop for Restore {
    fn drop(&mut self) {
        UNTIL.set(self.until);
        if let Some(signs) = self.signs.take() {
            swap(signs);
        }
    }
}

/// Makes these wait for signs, and gives those that did.
fn swap(signs: Option<Arc<Signs>>) -> Option<Arc<Signs>> {
    SIGNS.try_with(|place| place.replace(signs)).ok().flatten()
}

impl Limits {
    fn hold<T>(&self, inside: impl FnOnce() -> T) -> T {
        let around = UNTIL.get();
        let signs = self.signs.as_ref().map(|signs| swap(Some(Arc::clone(signs))));
        let _restore = Restore { until: around, signs };
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
        Self::heard(until, None, begin)
    }

    /// The same, where somebody waits for signs as well.
    pub(super) fn heard(until: Option<Instant>, signs: Option<Arc<Signs>>, begin: impl FnOnce() -> F) -> Self {
        let limits = Limits { until, signs };
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
