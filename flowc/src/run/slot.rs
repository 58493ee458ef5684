//! Values on their way from one strand of a run to another. All strands live in one task: a strand that finds a slot
//! empty just stays pending, and [`Quiesce`] polls the strands again in the same poll as soon as one of them put something.

use std::future::Future;
use std::pin::Pin;
use std::sync::OnceLock;
use std::task::{Context, Poll};

use atomic_refcell::{AtomicRef, AtomicRefCell};
use pin_project_lite::pin_project;

use super::At;
use crate::error::{Failure, FailureKind};
use crate::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use crate::sync::{Mutex, lock};

/// Counts what has been put, so that the strands are polled again only after something was.
#[derive(Debug, Default)]
pub struct Progress(AtomicUsize);

impl Progress {
    /// Nothing put yet.
    pub const fn new() -> Self {
        Self(AtomicUsize::new(0))
    }

    // All strands are polled by one thread at a time, and whatever moves the task between threads orders the memory.
    #[inline]
    fn now(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }

    #[inline]
    fn bump(&self) {
        self.0.store(self.now().wrapping_add(1), Ordering::Relaxed);
    }
}

pin_project! {
    /// Polls strands until a poll puts nothing any more.
    pub struct Quiesce<'p, F> {
        progress: &'p Progress,
        #[pin]
        strands: F,
    }
}

/// Polls `strands` until a poll puts nothing any more.
#[inline]
pub fn quiesce<F: Future>(progress: &Progress, strands: F) -> Quiesce<'_, F> {
    Quiesce { progress, strands }
}

impl<F: Future> Future for Quiesce<'_, F> {
    type Output = F::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let mut this = self.project();
        loop {
            let before = this.progress.now();
            if let Poll::Ready(output) = this.strands.as_mut().poll(cx) {
                return Poll::Ready(output);
            }
            if this.progress.now() == before {
                return Poll::Pending;
            }
        }
    }
}

/// A future that looks whether something is there yet.
struct Look<C>(C);

impl<C> Unpin for Look<C> {}

impl<T, C: FnMut() -> Option<T>> Future for Look<C> {
    type Output = T;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<T> {
        match (self.0)() {
            Some(found) => Poll::Ready(found),
            None => Poll::Pending,
        }
    }
}

/// A value that should have been put.
#[cold]
fn missing<X: Copy>(at: At<'_, X>) -> Failure {
    at.fail(FailureKind::Internal, "a value between two steps was never put")
}

/// A value that other strands read.
#[derive(Debug)]
pub struct Shared<T>(OnceLock<T>);

impl<T> Shared<T> {
    /// An empty slot.
    #[allow(clippy::new_without_default, reason = "only generated code makes one")]
    pub const fn new() -> Self {
        Self(OnceLock::new())
    }

    /// Puts the value in. A slot is written once.
    #[inline]
    pub fn put(&self, value: T, progress: &Progress) {
        let _ = self.0.set(value);
        progress.bump();
    }

    /// Waits for the value.
    #[inline]
    pub fn get(&self) -> impl Future<Output = &T> {
        Look(|| self.0.get())
    }

    /// The value, after the strands are done.
    ///
    /// # Errors
    /// None: whoever makes the value has been waited for.
    #[inline]
    pub fn there<X: Copy>(&self, at: At<'_, X>) -> Result<&T, Failure> {
        self.0.get().ok_or_else(|| missing(at))
    }

    /// The value, after the strands are done.
    ///
    /// # Errors
    /// None: whoever makes the value has been waited for.
    #[inline]
    pub fn into_value<X: Copy>(self, at: At<'_, X>) -> Result<T, Failure> {
        self.0.into_inner().ok_or_else(|| missing(at))
    }
}

/// A value that one other strand takes.
#[derive(Debug)]
pub struct Passed<T>(Mutex<Option<T>>);

impl<T> Passed<T> {
    /// An empty slot.
    #[allow(clippy::new_without_default, reason = "only generated code makes one")]
    pub const fn new() -> Self {
        Self(Mutex::new(None))
    }

    /// Puts the value in.
    #[inline]
    pub fn put(&self, value: T, progress: &Progress) {
        *lock(&self.0) = Some(value);
        progress.bump();
    }

    /// Waits for the value and takes it.
    #[inline]
    pub fn take(&self) -> impl Future<Output = T> {
        Look(|| lock(&self.0).take())
    }
}

/// A value that some strands read before one takes it. Whoever takes it first waits for the [`Flag`]s of those who read.
#[derive(Debug)]
pub struct Movable<T>(AtomicRefCell<Option<T>>);

impl<T> Movable<T> {
    /// An empty slot.
    #[allow(clippy::new_without_default, reason = "only generated code makes one")]
    pub const fn new() -> Self {
        Self(AtomicRefCell::new(None))
    }

    /// A slot that is full from the start.
    pub const fn full(value: T) -> Self {
        Self(AtomicRefCell::new(Some(value)))
    }

    /// Puts the value in.
    #[inline]
    pub fn put(&self, value: T, progress: &Progress) {
        if let Ok(mut slot) = self.0.try_borrow_mut() {
            *slot = Some(value);
        }
        progress.bump();
    }

    /// Waits for the value and reads it for as long as the guard lives.
    #[inline]
    pub fn read(&self) -> impl Future<Output = AtomicRef<'_, T>> {
        Look(|| AtomicRef::filter_map(self.0.try_borrow().ok()?, Option::as_ref))
    }

    /// Waits for the value and takes it.
    #[inline]
    pub fn take(&self) -> impl Future<Output = T> {
        Look(|| self.0.try_borrow_mut().ok()?.take())
    }
}

/// Something that happened: a strand has read what another waits to take, or a step that another is to follow has ended.
#[derive(Debug, Default)]
pub struct Flag(AtomicBool);

impl Flag {
    /// Not raised.
    pub const fn new() -> Self {
        Self(AtomicBool::new(false))
    }

    /// It happened.
    #[inline]
    pub fn raise(&self, progress: &Progress) {
        self.0.store(true, Ordering::Relaxed);
        progress.bump();
    }

    /// Waits until it happened.
    #[inline]
    pub fn wait(&self) -> impl Future<Output = ()> {
        Look(|| self.0.load(Ordering::Relaxed).then_some(()))
    }
}
