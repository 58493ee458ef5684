//! What a run asks for, in the order in which it asks.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use flowc::remote::{Call, Host, Hosted, Outcome};

/// Collects what a run asks for while it is polled.
#[derive(Default)]
pub(crate) struct Queue(Mutex<Vec<Asked>>);

/// One thing that a run asks for.
pub(crate) enum Asked {
    Call(Call, Slot<Outcome>),
    Sleep(Duration, Slot<()>),
    Signal(String, Slot<String>),
}

impl Queue {
    /// What was asked for since the last time.
    pub(crate) fn take(&self) -> Vec<Asked> {
        std::mem::take(&mut *lock(&self.0))
    }

    fn ask<T: Send + 'static>(&self, asked: impl FnOnce(Slot<T>) -> Asked) -> Hosted<T> {
        let slot = Slot::new();
        lock(&self.0).push(asked(slot.clone()));
        Box::pin(Awaits(slot))
    }
}

impl Host for Queue {
    fn call(&self, call: Call) -> Hosted<Outcome> {
        self.ask(|slot| Asked::Call(call, slot))
    }

    fn sleep(&self, time: Duration) -> Hosted<()> {
        self.ask(|slot| Asked::Sleep(time, slot))
    }

    fn signal(&self, name: &str) -> Hosted<String> {
        self.ask(|slot| Asked::Signal(name.to_owned(), slot))
    }
}

/// Where an answer is put.
pub(crate) struct Slot<T>(Arc<Mutex<State<T>>>);

struct State<T> {
    value: Option<T>,
    is_dropped: bool,
}

impl<T> Slot<T> {
    fn new() -> Self {
        Self(Arc::new(Mutex::new(State { value: None, is_dropped: false })))
    }

    /// Answers. The run is polled afterwards, so nobody need be woken.
    pub(crate) fn put(&self, value: T) {
        lock(&self.0).value = Some(value);
    }

    /// Whether nobody waits for it any more.
    pub(crate) fn is_dropped(&self) -> bool {
        lock(&self.0).is_dropped
    }
}

impl<T> Clone for Slot<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

struct Awaits<T>(Slot<T>);

impl<T> Future for Awaits<T> {
    type Output = T;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<T> {
        lock(&self.0.0).value.take().map_or(Poll::Pending, Poll::Ready)
    }
}

impl<T> Drop for Awaits<T> {
    fn drop(&mut self) {
        lock(&self.0.0).is_dropped = true;
    }
}

/// What is locked is whole also after a panic.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
