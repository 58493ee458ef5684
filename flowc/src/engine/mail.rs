//! The signals for a run, and the steps that wait for them.

use std::task::{Poll, Waker};
use std::time::SystemTime;

use crate::sync::{Mutex, lock};
use crate::wait::{Delivery, Expected};

/// A signal on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Letter {
    /// What tells it from others: of two with the same key, the second is none.
    pub(super) key: String,
    pub(super) name: String,
    /// As JSON.
    pub(super) value: String,
    pub(super) sent: SystemTime,
}

#[derive(Default)]
pub(super) struct Mail(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    letters: Vec<Held>,
    waiting: Vec<Waiter>,
}

struct Held {
    letter: Letter,
    fate: Fate,
}

#[derive(PartialEq)]
enum Fate {
    New,
    /// By the step with this key.
    Taken(u128),
    /// No step that has seen it can read it.
    Refused,
}

struct Waiter {
    step: u128,
    name: String,
    check: fn(&str) -> Result<(), String>,
    waker: Waker,
}

/// What a step that waits finds.
pub(super) enum Found {
    Value(String),
    /// A signal that it cannot read, and why. It is to ask once more.
    Unreadable(String),
}

impl Mail {
    /// Says what is wrong with a value, if a step waits for the signal and none of those that do can read it.
    pub(super) fn check(&self, name: &str, value: &str) -> Result<(), String> {
        let checks: Vec<_> = {
            let inner = lock(&self.0);
            inner.waiting.iter().filter(|waiter| waiter.name == name).map(|waiter| waiter.check).collect()
        };
        // The types are of the user's making: their code is called without the lock.
        let mut wrong = Ok(());
        for check in checks {
            match check(value) {
                Ok(()) => return Ok(()),
                Err(why) => wrong = Err(why),
            }
        }
        wrong
    }

    /// Puts a signal in, if it is new, and wakes who waits for it.
    pub(super) fn post(&self, letter: Letter) -> Delivery {
        let mut inner = lock(&self.0);
        if inner.letters.iter().any(|held| held.letter.key == letter.key) {
            return Delivery::Duplicate;
        }
        let wakers: Vec<Waker> = inner
            .waiting
            .iter()
            .filter(|waiter| waiter.name == letter.name)
            .map(|waiter| waiter.waker.clone())
            .collect();
        inner.letters.push(Held { letter, fate: Fate::New });
        drop(inner);
        wakers.iter().for_each(Waker::wake_by_ref);
        Delivery::Delivered
    }

    /// What is known of a signal from before a restart.
    #[cfg(feature = "journal")]
    pub(super) fn recall(&self, letter: Letter, taken: Option<u128>) {
        let fate = taken.map_or(Fate::New, Fate::Taken);
        lock(&self.0).letters.push(Held { letter, fate });
    }

    /// The oldest signal for a step, of those that were sent by `until`. The step is woken when one comes.
    pub(super) fn take(
        &self,
        step: u128,
        expected: Expected<'_>,
        until: Option<SystemTime>,
        waker: &Waker,
    ) -> Poll<Found> {
        let mut inner = lock(&self.0);
        let Inner { letters, waiting } = &mut *inner;
        let mut fitting = letters.iter_mut().filter(|held| {
            held.fate == Fate::New
                && held.letter.name == expected.name
                && until.is_none_or(|until| held.letter.sent <= until)
        });
        let Some(held) = fitting.next() else {
            match waiting.iter_mut().find(|waiter| waiter.step == step) {
                Some(waiter) => waiter.waker.clone_from(waker),
                None => waiting.push(Waiter {
                    step,
                    name: expected.name.to_owned(),
                    check: expected.check,
                    waker: waker.clone(),
                }),
            }
            return Poll::Pending;
        };
        held.fate = Fate::Taken(step);
        let value = held.letter.value.clone();
        drop(inner);
        Poll::Ready(match (expected.check)(&value) {
            Ok(()) => Found::Value(value),
            Err(why) => {
                self.refuse(step);
                Found::Unreadable(why)
            }
        })
    }

    /// What the step took last is nothing that it can read.
    fn refuse(&self, step: u128) {
        let mut inner = lock(&self.0);
        if let Some(held) = inner.letters.iter_mut().find(|held| held.fate == Fate::Taken(step)) {
            held.fate = Fate::Refused;
        }
    }

    /// The step does not wait any more.
    pub(super) fn leave(&self, step: u128) {
        lock(&self.0).waiting.retain(|waiter| waiter.step != step);
    }

    /// The key of the signal that a step took.
    #[cfg(feature = "journal")]
    pub(super) fn taken_by(&self, step: u128) -> Option<String> {
        let inner = lock(&self.0);
        let held = inner.letters.iter().find(|held| held.fate == Fate::Taken(step))?;
        Some(held.letter.key.clone())
    }
}
