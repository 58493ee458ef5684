//! What policies do on nodes, at steps and as defaults of an engine. Each test has nodes of its own, since what runs without an engine
//! shares by name.

mod breaker;
mod cache;
mod concurrency;
mod defaults;
mod events;
mod fallback;
mod idle;
mod order;
mod places;
mod rate;
mod retries;
mod shared;
mod timeout;

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::time::Instant;

pub(crate) const MS: fn(u64) -> Duration = Duration::from_millis;
pub(crate) const S: fn(u64) -> Duration = Duration::from_secs;

/// What one call of a node under test does.
#[derive(Clone, Copy)]
pub(crate) enum Act {
    /// Gives its number.
    Give,
    Fail,
    Panic,
    /// Gives its number after so many milliseconds.
    Slow(u64),
    /// Fails after so many milliseconds.
    SlowFail(u64),
}

/// What a node under test does, call by call, and what became of it.
#[derive(Clone)]
pub(crate) struct Script(Arc<Inner>);

struct Inner {
    acts: Mutex<VecDeque<Act>>,
    then: Act,
    calls: AtomicUsize,
    running: AtomicUsize,
    most: AtomicUsize,
    begun: Instant,
    starts: Mutex<Vec<u64>>,
}

#[derive(Debug, PartialEq)]
pub(crate) struct Bad(pub(crate) usize);

impl std::fmt::Display for Bad {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "call {} failed", self.0)
    }
}
impl std::error::Error for Bad {}

impl Script {
    /// These acts, and then the last one again and again.
    pub(crate) fn new(acts: &[Act]) -> Self {
        Self(Arc::new(Inner {
            acts: Mutex::new(acts.iter().copied().collect()),
            then: acts.last().copied().unwrap_or(Act::Give),
            calls: AtomicUsize::new(0),
            running: AtomicUsize::new(0),
            most: AtomicUsize::new(0),
            begun: Instant::now(),
            starts: Mutex::default(),
        }))
    }

    /// One call.
    pub(crate) async fn play(&self) -> Result<usize, Bad> {
        let act = self.0.acts.lock().unwrap().pop_front().unwrap_or(self.0.then);
        let call = self.0.calls.fetch_add(1, Ordering::SeqCst) + 1;
        self.0.starts.lock().unwrap().push(u64::try_from(self.0.begun.elapsed().as_millis()).unwrap());
        let _here = Here::new(&self.0);
        match act {
            Act::Give => Ok(call),
            Act::Fail => Err(Bad(call)),
            Act::Panic => panic!("call {call} panicked"),
            Act::Slow(millis) => {
                tokio::time::sleep(MS(millis)).await;
                Ok(call)
            }
            Act::SlowFail(millis) => {
                tokio::time::sleep(MS(millis)).await;
                Err(Bad(call))
            }
        }
    }

    pub(crate) fn calls(&self) -> usize {
        self.0.calls.load(Ordering::SeqCst)
    }

    /// How many calls there were at once at most.
    pub(crate) fn most(&self) -> usize {
        self.0.most.load(Ordering::SeqCst)
    }

    /// When each call began, in milliseconds.
    pub(crate) fn starts(&self) -> Vec<u64> {
        self.0.starts.lock().unwrap().clone()
    }
}

/// A call that is under way.
struct Here<'s>(&'s Inner);

impl<'s> Here<'s> {
    fn new(script: &'s Inner) -> Self {
        let running = script.running.fetch_add(1, Ordering::SeqCst) + 1;
        script.most.fetch_max(running, Ordering::SeqCst);
        Self(script)
    }
}

impl Drop for Here<'_> {
    fn drop(&mut self) {
        self.0.running.fetch_sub(1, Ordering::SeqCst);
    }
}
