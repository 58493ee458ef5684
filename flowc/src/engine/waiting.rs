//! A step that waits in a run of an engine.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
#[cfg(feature = "signals")]
use std::task::Poll;
use std::time::{Duration, SystemTime};

use super::core::Core;
use super::sink::StepSink;
use super::status::Waiting;
use crate::event::EventKind;
use crate::observe::StepRef;
use crate::timer;
use crate::wait::{WaitError, Waited, Wanted};

/// Waits, and lets the status of the run say so.
pub(super) async fn wait(sink: &StepSink, wanted: Wanted<'_>) -> Result<Waited, WaitError> {
    let Wanted { key, limit, signal } = wanted;
    let core = &*sink.core;
    let until = limit.and_then(|limit| SystemTime::now().checked_add(limit));
    let name = signal.map(|signal| Arc::from(signal.name));
    #[cfg(feature = "journal")]
    let until = super::replay::waits(core, key, &sink.step, name.as_ref(), until).await;
    let waits = Waits { core, row: sink.row, key };
    let step = StepRef::known(sink.place, Arc::clone(&sink.step));
    core.waits(step, sink.row, key, Waiting { signal: name, until });
    let mut over = pin!(over(core, until, limit));
    let ended = poll_fn(|task| {
        #[cfg(feature = "signals")]
        if let Some(signal) = signal {
            if let Poll::Ready(found) = arrived(sink, key, signal, until, task.waker()) {
                return Poll::Ready(Ok(Waited::Signal(found)));
            }
        }
        over.as_mut().poll(task).map_ok(|()| Waited::Over)
    });
    let ended = ended.await;
    drop(waits);
    ended
}

/// The value of the signal, once it is there. Those that cannot be read are told of.
#[cfg(feature = "signals")]
fn arrived(
    sink: &StepSink,
    key: u128,
    signal: crate::wait::Expected<'_>,
    until: Option<SystemTime>,
    waker: &std::task::Waker,
) -> Poll<String> {
    use super::mail::Found;

    // What comes late to a run that is kept would be late after a restart as well.
    let until = until.filter(|_| sink.core.is_kept());
    loop {
        match sink.core.mail.take(key, signal, until, waker) {
            Poll::Pending => return Poll::Pending,
            Poll::Ready(Found::Value(value)) => return Poll::Ready(value),
            Poll::Ready(Found::Unreadable(why)) => {
                sink.say(EventKind::SignalRefused { step: (), signal: signal.name.into(), error: why.into() });
            }
        }
    }
}

/// Ends when the time does.
async fn over(core: &Core, until: Option<SystemTime>, limit: Option<Duration>) -> Result<(), WaitError> {
    let Some(limit) = limit else { return std::future::pending().await };
    #[cfg(feature = "journal")]
    if let (Some(until), true) = (until, core.is_kept()) {
        return crate::wait::by_the_wall(until, limit, SystemTime::now).await;
    }
    let _ = (core, until);
    timer::sleep(limit).map_err(|_| WaitError::no_timer())?.await;
    Ok(())
}

/// A call that waits, until it does not any more.
struct Waits<'c> {
    core: &'c Core,
    row: Option<usize>,
    key: u128,
}

impl Drop for Waits<'_> {
    fn drop(&mut self) {
        self.core.waited(self.row, self.key);
        #[cfg(feature = "signals")]
        self.core.mail.leave(self.key);
    }
}

impl Core {
    /// A call of a step waits.
    pub(super) fn waits(&self, step: StepRef<'_>, row: Option<usize>, key: u128, waiting: Waiting) {
        self.note(step, |ledger, _| {
            let Waiting { signal, until } = waiting.clone();
            if let Some(row) = row.and_then(|row| ledger.steps.row(row)) {
                row.wait(key, waiting);
            }
            EventKind::StepWaiting { step: (), signal, until }
        });
    }

    /// It does not any more.
    pub(super) fn waited(&self, row: Option<usize>, key: u128) {
        let mut ledger = self.ledger();
        if let Some(row) = row.and_then(|row| ledger.steps.row(row)) {
            row.waited(key);
        }
    }

    /// Whether the run is in a journal.
    #[cfg(feature = "signals")]
    pub(super) fn is_kept(&self) -> bool {
        #[cfg(feature = "journal")]
        return self.durable.is_some();
        #[cfg(not(feature = "journal"))]
        false
    }

    #[cfg(feature = "signals")]
    pub(super) fn is_over(&self) -> bool {
        self.ledger().state.is_over()
    }
}
