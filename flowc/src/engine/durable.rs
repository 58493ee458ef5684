use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;

use super::doors::ShutdownReport;
use super::mail::Letter;
use super::post::letter;
use super::present::Present;
use super::replay::{Durable, millis};
use super::{Engine, Run};
use crate::error::AnyError;
use crate::id::RunId;
use crate::journal::{
    Claim, Codecs, History, Journal, JournalFuture, Journaled, Json, Listener, Migration, Posted, RunRecord, Signal,
    Storable, StorableInputs, outline,
};
use crate::options::{Options, RunOptions};
use crate::prepared::Prepared;
use crate::step::{ResourcesFrom, Workflow};
use crate::wait::{Delivery, SignalError};

/// An [`Engine`] whose runs survive the end of the process: [`Builder::journal`](crate::Builder::journal) makes one. See
/// [`journal`](crate::journal).
///
/// It is cheap to clone, and all clones are the same engine.
pub struct DurableEngine<R> {
    pub(super) engine: Engine<R>,
    pub(super) journal: Arc<dyn Journal>,
    /// So many bytes at most may a step give.
    pub(super) payload_limit: usize,
    pub(super) present: Arc<Present>,
}

impl<R: Send + Sync + 'static> DurableEngine<R> {
    pub(super) fn new(engine: Engine<R>, journal: Arc<dyn Journal>, payload_limit: usize) -> Self {
        let present = Arc::<Present>::default();
        journal.listen(Arc::clone(&present) as Arc<dyn Listener>);
        Self { engine, journal, payload_limit, present }
    }

    /// Starts a run, as [`Engine::start`] does. It is in the journal before its first step begins, and each step is before the next
    /// one that needs it.
    ///
    /// A run that is cancelled is over, also by dropping its handle: [`detach`](Run::detach) it, or keep the handle. One that ends because
    /// the process does, or the engine is shut down, stays open, and [`resume`](Self::resume) goes on with it. If the journal fails, the
    /// run stops with the kind [`Journal`](crate::FailureKind::Journal), which no `catch` takes, and stays open as well.
    pub fn start<W, O>(&self, workflow: Prepared<'static, W, O>) -> Run<W>
    where
        W: Workflow + ResourcesFrom<R> + Journaled<Json>,
        W::Output: Storable<W, Json>,
        W::Input<'static>: StorableInputs<W, Json>,
        O: Options,
    {
        let mut options = workflow.options.into_options();
        let begun = record::<W>(&workflow.input, &mut options).map(|record| {
            let begins = Some(record);
            Durable::new(Arc::clone(&self.journal), self.payload_limit, codecs::<W>(), begins, History::default())
        });
        let workflow = begun.map(|durable| (workflow.input, durable));
        let workflow = workflow.map_err(|why| format!("the inputs could not be stored: {why}"));
        self.engine.launch(workflow, &options, &self.present)
    }

    /// Goes on with every open run of workflow `W`: call it once for each workflow after the engine is built, before new runs are
    /// started. Steps that are stored are not called again. The handles are those of the runs, under their old ids. A run that is running
    /// already, here or in another process, is not among them: where several processes share a journal, see
    /// [`keep_resuming`](Self::keep_resuming).
    ///
    /// The workflow may have changed since a run began, in steps that the run has not come to, and by versions of nodes that are compatible
    /// by their number. A run that has done what is not so any more cannot go on, and is among the runs: it has failed with the kind
    /// [`Journal`](crate::FailureKind::Journal) and a text that shows the difference, and stays open.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn resume<W>(&self) -> JournalFuture<'_, Vec<Run<W>>>
    where
        W: Workflow + ResourcesFrom<R> + Journaled<Json>,
        W::Output: Storable<W, Json>,
        W::Input<'static>: StorableInputs<W, Json>,
    {
        self.resume_with(Migration::new())
    }

    /// The same where stored outputs are to be made into what nodes give now.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn resume_with<W>(&self, migration: Migration<W>) -> JournalFuture<'_, Vec<Run<W>>>
    where
        W: Workflow + ResourcesFrom<R> + Journaled<Json>,
        W::Output: Storable<W, Json>,
        W::Input<'static>: StorableInputs<W, Json>,
    {
        // Boxed, as others here are: the type of an `async fn` would ask again, wherever it is used, for what `W` lacks.
        Box::pin(async move { self.go_on(Claim::Open, &migration).await })
    }

    pub(super) async fn go_on<W>(&self, claim: Claim, migration: &Migration<W>) -> Result<Vec<Run<W>>, AnyError>
    where
        W: Workflow + ResourcesFrom<R> + Journaled<Json>,
        W::Output: Storable<W, Json>,
        W::Input<'static>: StorableInputs<W, Json>,
    {
        // Of two who look at the same time, the second finds the runs here.
        let _coming = self.present.coming.write().await;
        let mut found = Vec::new();
        for record in self.journal.claim(W::GRAPH.name.to_owned(), claim).await? {
            if self.present.find(record.id).is_none_or(|core| core.is_over()) {
                let history = self.journal.history(record.id).await?;
                found.push((record, history));
            }
        }
        // From here on nothing may fail: a run whose handle is dropped would be cancelled.
        let mut runs = Vec::new();
        for (record, history) in found {
            let correlation = record.correlation_id.as_deref().map(Arc::from);
            let options = RunOptions { id: Some(record.id), correlation, ..RunOptions::default() };
            let begun = migration.apply(&record, history).and_then(|history| {
                let (inputs, journal) = (inputs::<W>(&record)?, Arc::clone(&self.journal));
                Ok((inputs, Durable::new(journal, self.payload_limit, codecs::<W>(), None, history)))
            });
            runs.push(self.engine.launch(begun, &options, &self.present));
            // What came while it was being read is not lost either.
            if let Some(core) = self.present.find(record.id) {
                match self.journal.history(record.id).await {
                    Ok(history) => history.signals.into_iter().for_each(|signal| {
                        core.mail.post(signal.into());
                    }),
                    Err(error) => core.cannot_be_read(&error),
                }
            }
        }
        Ok(runs)
    }

    /// Sends a signal to a run in the journal: a step [`signal`](crate::signal()) with this name takes it. It is stored before it counts as
    /// delivered; the run need not run here, nor wait for it yet.
    ///
    /// # Errors
    /// There is no such run, or it is over; it runs here, waits for the signal and cannot read the value; the value cannot be written as
    /// JSON; or the journal could not store it.
    pub fn signal<T: Serialize>(
        &self,
        run: RunId,
        name: &str,
        value: T,
    ) -> impl Future<Output = Result<Delivery, SignalError>> + Send + use<R, T> {
        self.post(run, letter(None, name, &value))
    }

    /// The same where the sender may send it again: of the signals with one key a run gets the first.
    ///
    /// # Errors
    /// As [`signal`](Self::signal).
    pub fn signal_once<T: Serialize>(
        &self,
        run: RunId,
        key: &str,
        name: &str,
        value: T,
    ) -> impl Future<Output = Result<Delivery, SignalError>> + Send + use<R, T> {
        self.post(run, letter(Some(key), name, &value))
    }

    fn post(
        &self,
        run: RunId,
        letter: Result<Letter, SignalError>,
    ) -> impl Future<Output = Result<Delivery, SignalError>> + Send + use<R> {
        let (journal, present) = (Arc::clone(&self.journal), Arc::clone(&self.present));
        async move {
            let letter = letter?;
            if let Some(core) = present.find(run).filter(|core| !core.is_over()) {
                return core.send(letter).await;
            }
            let name = letter.name.clone();
            let delivery = delivery(journal.signal(run, letter.clone().into()).await, run, name)?;
            // It may have been resumed meanwhile.
            if let (Some(core), Delivery::Delivered) = (present.find(run), delivery) {
                core.mail.post(letter);
            }
            Ok(delivery)
        }
    }

    /// The open runs in the journal, of any workflow, the oldest first: those that are running here, and those that nobody has
    /// [resumed](Self::resume).
    ///
    /// # Errors
    /// The journal cannot be read.
    pub async fn open_runs(&self) -> Result<Vec<RunRecord>, AnyError> {
        self.journal.open_runs().await
    }

    /// The application.
    pub fn resources(&self) -> &R {
        self.engine.resources()
    }

    /// How many runs have begun here and are not over.
    pub fn running(&self) -> usize {
        self.engine.running()
    }

    /// As [`Engine::shutdown`]: what is cancelled by it stays open in the journal.
    #[must_use = "the engine takes no more runs, but nobody waits for those that run until this is awaited"]
    pub fn shutdown(&self, limit: Duration) -> impl Future<Output = ShutdownReport> + Send + use<R> {
        self.engine.shutdown(limit)
    }
}

/// How a run begins.
pub(super) fn record<W>(input: &W::Input<'static>, options: &mut RunOptions) -> Result<RunRecord, String>
where
    W: Workflow,
    W::Input<'static>: StorableInputs<W, Json>,
{
    let id = RunId::new();
    options.id = Some(id);
    Ok(RunRecord {
        id,
        workflow: W::GRAPH.name.to_owned(),
        graph: outline(W::GRAPH),
        inputs: StorableInputs::<W, Json>::write(input)?,
        correlation_id: options.correlation.as_deref().map(str::to_owned),
        start_key: None,
    })
}

/// What a sender is told.
pub(super) fn delivery(posted: Result<Posted, AnyError>, run: RunId, signal: String) -> Result<Delivery, SignalError> {
    match posted {
        Ok(Posted::Stored) => Ok(Delivery::Delivered),
        Ok(Posted::Duplicate) => Ok(Delivery::Duplicate),
        Ok(Posted::Over) => Err(SignalError::Over { run, signal }),
        Ok(Posted::Unknown) => Err(SignalError::Unknown { run, signal }),
        Err(error) => Err(SignalError::Journal { signal, error }),
    }
}

impl From<Letter> for Signal {
    fn from(Letter { key, name, value, sent }: Letter) -> Self {
        Self { key, name, value, sent: millis(sent) }
    }
}

impl From<Signal> for Letter {
    fn from(Signal { key, name, value, sent }: Signal) -> Self {
        Self { key, name, value, sent }
    }
}

pub(super) fn codecs<W>() -> Codecs
where
    W: Workflow + Journaled<Json>,
    W::Output: Storable<W, Json>,
{
    let mut codecs = Codecs::default();
    W::codecs(&mut codecs);
    codecs.output::<W, Json>();
    codecs
}

/// The inputs of a run that is to go on, or why it cannot.
pub(super) fn inputs<W>(record: &RunRecord) -> Result<W::Input<'static>, String>
where
    W: Workflow,
    W::Input<'static>: StorableInputs<W, Json>,
{
    StorableInputs::<W, Json>::read(&record.inputs).map_err(|why| format!("its stored inputs cannot be read: {why}"))
}

impl<R> Clone for DurableEngine<R> {
    fn clone(&self) -> Self {
        let (engine, journal) = (self.engine.clone(), Arc::clone(&self.journal));
        Self { engine, journal, payload_limit: self.payload_limit, present: Arc::clone(&self.present) }
    }
}

impl<R> fmt::Debug for DurableEngine<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DurableEngine").finish_non_exhaustive()
    }
}
