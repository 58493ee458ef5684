//! The journal around the steps of a run: what is stored is given without a call, and what a call gives is stored before it counts.

use std::collections::HashMap;
use std::future::{Future, pending};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::core::Core;
use super::mail::Mail;
use super::observed::{Observed, Settled};
use super::present::Entered;
use crate::cancel::CancelToken;
use crate::error::{AnyError, Failure, FailureKind, safely};
use crate::id::RunId;
use crate::journal::{
    Codecs, Entry, History, Journal, Outcome, Posted, RunRecord, Signal, StoredFailure, TakenOver, Wait,
};
use crate::run::At;
use crate::step::{Step, Workflow};
use crate::sync::{Mutex, lock};

/// What a durable run has besides others.
pub(super) struct Durable {
    journal: Arc<dyn Journal>,
    codecs: Codecs,
    payload_limit: usize,
    /// How it begins; `None` where that is stored already.
    begins: Mutex<Option<RunRecord>>,
    entries: HashMap<u128, Entry>,
    /// The signals that came before a restart.
    signals: Vec<Signal>,
    /// Until when steps wait that began to.
    waits: HashMap<u128, Option<SystemTime>>,
    /// Cancelled once it is stored that the run begins, or that has failed.
    begun: CancelToken,
    /// Where it is found by its id, and will not be any more.
    pub(super) place: Option<Entered>,
    /// Why it cannot go on.
    broken: Mutex<Option<Broken>>,
}

/// Why a run cannot go on. No `catch` takes it.
struct Broken {
    failure: Failure,
    /// Another try would be the same, so the run is over.
    is_final: bool,
}

impl Durable {
    pub(super) fn new(
        journal: Arc<dyn Journal>,
        payload_limit: usize,
        codecs: Codecs,
        begins: Option<RunRecord>,
        history: History,
    ) -> Self {
        let entries = history.entries.into_iter().map(|entry| (entry.key, entry)).collect();
        let waits = history.waits.into_iter().map(|wait| (wait.key, wait.until)).collect();
        let begun = CancelToken::new();
        if begins.is_none() {
            begun.cancel();
        }
        let (begins, broken) = (Mutex::new(begins), Mutex::new(None));
        Self {
            journal,
            codecs,
            payload_limit,
            begins,
            entries,
            signals: history.signals,
            waits,
            begun,
            place: None,
            broken,
        }
    }

    /// Puts in what came before a restart; what a step took that is done is taken.
    pub(super) fn deliver(&mut self, mail: &Mail) {
        let taken: HashMap<&str, u128> =
            self.entries.values().filter_map(|entry| Some((entry.signal.as_deref()?, entry.key))).collect();
        for signal in std::mem::take(&mut self.signals) {
            let by = taken.get(&*signal.key).copied();
            mail.recall(signal.into(), by);
        }
    }

    /// Stores a signal, once it is stored that the run begins.
    pub(super) async fn store(&self, run: RunId, signal: Signal) -> Result<Posted, AnyError> {
        self.begun.cancelled().await;
        self.journal.signal(run, signal).await
    }

    fn is_broken(&self) -> bool {
        lock(&self.broken).is_some()
    }

    /// What is stored of the step at `at`.
    fn stored<S: Step>(&self, entry: &Entry, at: At<'_, Observed<'_>>) -> Result<Settled<S>, String> {
        if entry.failed {
            let stored: StoredFailure = serde_json::from_str(&entry.value).map_err(|error| error.to_string())?;
            return Ok(Err(stored.restore(at, self.codecs.of::<S::Error>())));
        }
        let codec = self.codecs.of::<S::Output>().ok_or("nothing is known that reads its type")?;
        (codec.read)(&entry.value).map(Ok)
    }

    /// What is to be stored of a step that is done; nothing where it did not come to an end of its own.
    fn entry<S: Step>(
        &self,
        key: u128,
        step: &str,
        settled: &Settled<S>,
        signal: Option<String>,
    ) -> Result<Option<Entry>, Unstored> {
        let (failed, value) = match settled {
            Ok(output) => {
                let codec =
                    self.codecs.of::<S::Output>().ok_or_else(|| "nothing is known that writes its type".to_owned())?;
                let value = (codec.write)(output)?;
                if value.len() > self.payload_limit {
                    return Err(Unstored::TooLarge(value.len()));
                }
                (false, value)
            }
            Err(failure) if is_of_the_process(failure.kind()) => return Ok(None),
            Err(failure) => {
                let stored = StoredFailure::of(failure, failure.what(S::describe), self.codecs.of::<S::Error>());
                (true, serde_json::to_string(&stored).map_err(|error| error.to_string())?)
            }
        };
        Ok(Some(Entry { key, step: step.to_owned(), failed, value, signal }))
    }
}

/// A failure that says nothing of the step: after a restart it is called again.
fn is_of_the_process(kind: FailureKind) -> bool {
    matches!(
        kind,
        FailureKind::Cancelled
            | FailureKind::Shutdown
            | FailureKind::Journal
            | FailureKind::TakenOver
            | FailureKind::Runtime
    )
}

/// What an error of the journal means for the run.
fn kind(error: &AnyError) -> FailureKind {
    if error.is::<TakenOver>() { FailureKind::TakenOver } else { FailureKind::Journal }
}

/// The journal of the step at `at`; a workflow is as durable as its nodes.
pub(super) fn of_step<'e, S: Step>(at: At<'_, Observed<'e>>) -> Option<&'e Durable> {
    at.exec().0.durable.as_deref().filter(|_| !S::SPEC.is_workflow() && at.found().is_some())
}

/// Gives what is stored of a step, or calls it and stores what it gave.
pub(super) async fn journaled<S: Step, F>(durable: Option<&Durable>, at: At<'_, Observed<'_>>, call: F) -> Settled<S>
where
    F: Future<Output = Settled<S>> + Send,
{
    let Some(durable) = durable else { return call.await };
    let core = at.exec().0;
    if durable.is_broken() {
        return pending().await;
    }
    let placed = at.placed();
    if let Some(entry) = durable.entries.get(&placed.key) {
        match durable.stored::<S>(entry, at) {
            Ok(settled) => return settled,
            Err(why) => {
                let failure = at.fail(FailureKind::Journal, format!("what is stored of it cannot be read: {why}"));
                core.breaks(
                    durable,
                    failure.with_help(
                        "the type has changed since the run began: start the run anew, or bring the type back",
                    ),
                    false,
                );
                return pending().await;
            }
        }
    }
    let settled = call.await;
    let signal = at.waits().then(|| core.mail.taken_by(placed.key)).flatten();
    let (kind, why, help) = match durable.entry::<S>(placed.key, &placed.step, &settled, signal) {
        Ok(None) => return settled,
        Ok(Some(entry)) => match durable.journal.append(core.run.id, entry).await {
            Ok(()) => return settled,
            Err(error) => (kind(&error), error.to_string(), None),
        },
        Err(Unstored::Unwritable(why)) => (FailureKind::Journal, why, None),
        Err(Unstored::TooLarge(bytes)) => {
            let limit = durable.payload_limit;
            let why = format!("it has {bytes} bytes as JSON, and the limit is {limit}");
            (FailureKind::Journal, why, Some(TOO_LARGE))
        }
    };
    let failure = at.fail(kind, format!("what it gave could not be stored: {why}"));
    match help {
        // Another try would be the same.
        Some(help) => core.breaks(durable, failure.with_help(help), true),
        None => core.breaks(durable, failure, false),
    }
    pending().await
}

const TOO_LARGE: &str = "keep what is large elsewhere and give where it is, or raise the `payload_limit` of the engine and \
                         start the run anew";

/// Why something is not to be stored.
enum Unstored {
    Unwritable(String),
    /// So many bytes.
    TooLarge(usize),
}

impl From<String> for Unstored {
    fn from(why: String) -> Self {
        Self::Unwritable(why)
    }
}

/// Bad input: a `catch` asks for an error that was stored as text only.
pub(super) fn checked<T, E>(at: At<'_, Observed<'_>>, result: Result<T, Failure<E>>) -> Result<T, Failure<E>> {
    let (Some(durable), Err(failure)) = (at.exec().0.durable.as_deref(), &result) else { return result };
    if failure.kind() == FailureKind::Error && failure.error().is_none() {
        let why = "it failed before a restart, and the error that `catch` takes could not be stored";
        let help =
            "derive `serde::Serialize` and `serde::Deserialize` for the error of the node, and start the run anew";
        at.exec().0.breaks(durable, at.fail(FailureKind::Journal, why).with_help(help), true);
    }
    result
}

/// A run that is stored from its beginning to its end, if it is to be.
pub(super) async fn kept<W, F>(core: &Core, run: F) -> Result<W::Output, Failure>
where
    W: Workflow,
    F: Future<Output = Result<W::Output, Failure>> + Send,
{
    match begin(core).await {
        Ok(()) => end::<W>(core, run.await).await,
        Err(failure) => Err(failure),
    }
}

/// Stores that the run begins.
async fn begin(core: &Core) -> Result<(), Failure> {
    let Some(durable) = core.durable.as_deref() else { return Ok(()) };
    let begins = lock(&durable.begins).take();
    match begins {
        None => Ok(()),
        Some(record) => {
            let stored = durable.journal.begin(record).await;
            durable.begun.cancel();
            stored.map(drop).map_err(|error| could_not(core, "begins", &error))
        }
    }
}

/// Stores that a step waits, and gives until when: what was stored first holds. A run that cannot store it goes no further.
pub(super) async fn waits(
    core: &Core,
    key: u128,
    step: &str,
    signal: Option<&Arc<str>>,
    until: Option<SystemTime>,
) -> Option<SystemTime> {
    let Some(durable) = core.durable.as_deref() else { return until };
    if let Some(until) = durable.waits.get(&key) {
        return *until;
    }
    // Journals keep milliseconds; a moment later is better than one too early.
    let until = until.map(|until| millis(until) + Duration::from_millis(1));
    let wait = Wait { key, step: step.to_owned(), signal: signal.map(|name| name.as_ref().to_owned()), until };
    match durable.journal.wait(core.run.id, wait).await {
        Ok(()) => until,
        Err(error) => {
            let what = format!("that `{step}` waits could not be stored: {error}");
            core.breaks(durable, core.failure(kind(&error), &what), false);
            pending().await
        }
    }
}

/// A time to the millisecond, as journals keep it.
pub(super) fn millis(time: SystemTime) -> SystemTime {
    let nanos = time.duration_since(UNIX_EPOCH).map_or(0, |since| since.subsec_nanos() % 1_000_000);
    time.checked_sub(Duration::from_nanos(u64::from(nanos))).unwrap_or(time)
}

/// Stores how the run ended, unless it is to go on later.
async fn end<W: Workflow>(core: &Core, ended: Result<W::Output, Failure>) -> Result<W::Output, Failure> {
    let Some(durable) = core.durable.as_deref() else { return ended };
    let broken = lock(&durable.broken).take();
    let (ended, is_final) = match broken {
        Some(broken) => (Err(broken.failure), broken.is_final),
        None => (ended, false),
    };
    let outcome = match &ended {
        Ok(output) => match durable.codecs.of::<W::Output>().map(|codec| (codec.write)(output)) {
            Some(Ok(text)) => Outcome::Finished(text),
            Some(Err(why)) => return Err(could_not(core, "has ended", &AnyError::new(why))),
            None => return ended,
        },
        Err(failure) if failure.kind() == FailureKind::Cancelled && !core.control.is_engine_stopping() => {
            Outcome::Cancelled
        }
        Err(failure) if is_of_the_process(failure.kind()) && !is_final => return ended,
        Err(failure) => Outcome::Failed(safely(|| failure.to_string())),
    };
    match durable.journal.end(core.run.id, outcome).await {
        Ok(()) => ended,
        Err(error) => Err(could_not(core, "has ended", &error)),
    }
}

fn could_not(core: &Core, what: &str, error: &AnyError) -> Failure {
    core.failure(kind(error), &format!("that the run {what} could not be stored: {error}"))
}

impl Core {
    /// Another process goes on with the run.
    pub(super) fn lose(&self) {
        if let Some(durable) = self.durable.as_deref() {
            self.breaks(durable, self.failure(FailureKind::TakenOver, &TakenOver.to_string()), false);
        }
    }

    /// The run may have missed something of what is stored.
    pub(super) fn cannot_be_read(&self, error: &AnyError) {
        if let Some(durable) = self.durable.as_deref() {
            let what = format!("what is stored of the run could not be read: {error}");
            self.breaks(durable, self.failure(kind(error), &what), false);
        }
    }

    /// The run cannot go on: it is stopped, and its failure is this one.
    fn breaks(&self, durable: &Durable, failure: Failure, is_final: bool) {
        lock(&durable.broken).get_or_insert(Broken { failure, is_final });
        self.stop();
    }
}
