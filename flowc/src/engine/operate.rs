//! What a person does with the runs of a journal.

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use super::durable::{codecs, record};
use super::replay::Durable;
use super::status::{RunState, RunStatus, StepState, Waiting};
use super::steps::{Clock, Steps, View};
use super::{DurableEngine, Run};
use crate::error::{AnyError, FailureKind};
use crate::id::RunId;
use crate::journal::{
    Begun, Cancelled, History, JournalFuture, Journaled, Json, RunFilter, RunRecord, Storable, StorableInputs,
    StoredRun, StoredState, place,
};
use crate::options::{Options, RunOptions};
use crate::prepared::Prepared;
use crate::step::{ResourcesFrom, Workflow};

/// A run that was to be started once.
pub enum Started<W: Workflow> {
    /// It is a new one.
    New(Run<W>),
    /// It was started by this key before, with the same inputs.
    Known(RunId),
}

impl<W: Workflow> Started<W> {
    /// The id of the run.
    pub fn id(&self) -> RunId {
        match self {
            Self::New(run) => run.id(),
            Self::Known(id) => *id,
        }
    }
}

impl<W: Workflow> fmt::Debug for Started<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::New(run) => f.debug_tuple("New").field(run).finish(),
            Self::Known(id) => f.debug_tuple("Known").field(id).finish(),
        }
    }
}

/// Launches a run that has been stored.
pub(super) type Launch<W> = Box<dyn FnOnce() -> Run<W> + Send>;

/// Why a run could not be started by a key.
#[derive(Debug)]
#[non_exhaustive]
pub enum StartError {
    /// The key was used for a run of another workflow, or with other inputs.
    KeyTaken {
        /// The key.
        key: String,
        /// That run.
        run: RunId,
    },
    /// The inputs could not be written as JSON.
    Inputs(String),
    /// The journal failed.
    Journal(AnyError),
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::KeyTaken { key, run } => write!(
                f,
                "the key `{key}` has started the run {run}, of another workflow or with other inputs; use a key for one \
                 purpose only, that of the request say"
            ),
            Self::Inputs(why) => write!(f, "the inputs could not be stored: {why}"),
            Self::Journal(error) => write!(f, "the run could not be stored: {error}"),
        }
    }
}

impl std::error::Error for StartError {}

impl<R: Send + Sync + 'static> DurableEngine<R> {
    /// Starts a run unless one was started by this key before, also by another process: then it says which. The run is in the journal when
    /// this returns. A key is taken as long as its run is in the journal.
    ///
    /// # Errors
    /// The key was used for a run of another workflow or with other inputs, the inputs cannot be written, or the journal failed.
    pub fn start_once<W, O>(
        &self,
        key: &str,
        workflow: Prepared<'static, W, O>,
    ) -> JournalFuture<'_, Started<W>, StartError>
    where
        W: Workflow + ResourcesFrom<R> + Journaled<Json>,
        W::Output: Storable<W, Json>,
        W::Input<'static>: StorableInputs<W, Json>,
        O: Options,
    {
        let first = self.first_of_key(key, workflow);
        Box::pin(async move {
            let (record, launch) = first?;
            self.begin_once(record, launch).await
        })
    }

    /// What a run that begins once is stored as, and what launches it when it is.
    pub(super) fn first_of_key<W, O>(
        &self,
        key: &str,
        workflow: Prepared<'static, W, O>,
    ) -> Result<(RunRecord, Launch<W>), StartError>
    where
        W: Workflow + ResourcesFrom<R> + Journaled<Json>,
        W::Output: Storable<W, Json>,
        W::Input<'static>: StorableInputs<W, Json>,
        O: Options,
    {
        let mut options = workflow.options.into_options();
        let mut record = record::<W>(&workflow.input, &mut options).map_err(StartError::Inputs)?;
        record.start_key = Some(key.to_owned());
        Ok((record, self.launcher(workflow.input, options, History::default())))
    }

    /// Launches a run when it has been stored. Boxed, so that no future holds the inputs: of such a one the compiler could not see in general
    /// that it can be sent (<https://github.com/rust-lang/rust/issues/100013>).
    pub(super) fn launcher<W>(&self, input: W::Input<'static>, options: RunOptions, history: History) -> Launch<W>
    where
        W: Workflow + ResourcesFrom<R> + Journaled<Json>,
        W::Output: Storable<W, Json>,
        W::Input<'static>: StorableInputs<W, Json>,
    {
        let engine = self.clone();
        Box::new(move || {
            let journal = Arc::clone(&engine.journal);
            let durable = Durable::new(journal, engine.payload_limit, codecs::<W>(), None, history);
            engine.engine.launch(Ok((input, durable)), &options, &engine.present)
        })
    }

    /// Stores a run and launches it, unless there is one of its key.
    pub(super) async fn begin_once<W: Workflow>(
        &self,
        record: RunRecord,
        launch: Launch<W>,
    ) -> Result<Started<W>, StartError> {
        let key = record.start_key.clone().unwrap_or_default();
        let (name, inputs) = (record.workflow.clone(), record.inputs.clone());
        let coming = self.present.coming.read().await;
        match self.journal.begin(record).await.map_err(StartError::Journal)? {
            Begun::Stored => {
                let run = launch();
                drop(coming);
                Ok(Started::New(run))
            }
            Begun::Known(run) => match self.journal.find(run).await.map_err(StartError::Journal)? {
                Some(known) if (&known.workflow, &known.inputs) != (&name, &inputs) => {
                    Err(StartError::KeyTaken { key, run })
                }
                _ => Ok(Started::Known(run)),
            },
        }
    }

    /// The runs of the journal that a filter lets through, the newest first.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub async fn runs(&self, filter: RunFilter) -> Result<Vec<StoredRun>, AnyError> {
        self.journal.runs(filter).await
    }

    /// One run of the journal, with its inputs and its result.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub async fn stored(&self, run: RunId) -> Result<Option<StoredRun>, AnyError> {
        self.journal.find(run).await
    }

    /// What is stored of a run's steps: what each of them gave, what waits, and the signals for it.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub async fn history(&self, run: RunId) -> Result<History, AnyError> {
        self.journal.history(run).await
    }

    /// How a run of workflow `W` stands by what is stored, over the graph of the workflow: also of one that is over, or runs nowhere. `None` if
    /// there is no such run of `W`. A step that is neither done nor waits is pending here, for the journal knows nothing of it.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub async fn inspect<W: Workflow>(&self, run: RunId) -> Result<Option<RunStatus>, AnyError> {
        let found = self.journal.find(run).await?.filter(|found| found.workflow == W::GRAPH.name);
        let Some(found) = found else { return Ok(None) };
        let history = self.journal.history(run).await?;
        Ok(Some(status::<W>(&found, &history)))
    }

    /// Cancels a run, wherever it stands: one that runs, here or in another process, is stopped, and one that nobody has resumed never will be.
    ///
    /// # Errors
    /// The journal failed.
    pub async fn cancel(&self, run: RunId) -> Result<Cancelled, AnyError> {
        if let Some(core) = self.present.find(run).filter(|core| !core.is_over()) {
            core.stop();
            return Ok(Cancelled::Stopping);
        }
        self.journal.cancel(run).await
    }

    /// Deletes all runs that ended before this time, with all that is stored of them, and says how many. Open runs stay.
    ///
    /// # Errors
    /// The journal failed.
    pub async fn delete_ended(&self, before: SystemTime) -> Result<u64, AnyError> {
        self.journal.delete_ended(before).await
    }
}

fn status<W: Workflow>(found: &StoredRun, history: &History) -> RunStatus {
    let state = match found.state {
        StoredState::Open => RunState::Running,
        StoredState::Finished => RunState::Finished,
        StoredState::Failed => RunState::Failed(FailureKind::Error),
        StoredState::Cancelled => RunState::Cancelled,
    };
    let (graph, clock) = (W::GRAPH, Clock::new());
    let view = View { clock: &clock, now: clock.start, over: state.is_over() };
    let mut steps = Vec::new();
    Steps::new(graph).report(graph, Some(0), graph.name, &view, &mut steps);
    for entry in &history.entries {
        let path = place(&entry.step);
        let Some(step) = steps.iter_mut().find(|step| step.path == path) else { continue };
        step.calls += 1;
        if entry.failed {
            step.failed += 1;
            step.state = StepState::Failed;
        } else {
            step.done += 1;
            step.state = StepState::Done;
        }
    }
    for wait in found.waiting.iter().filter(|_| !state.is_over()) {
        let path = place(&wait.step);
        let Some(step) = steps.iter_mut().find(|step| step.path == path) else { continue };
        step.calls += 1;
        step.running += 1;
        step.state = StepState::Waiting;
        step.waiting
            .get_or_insert_with(|| Waiting { signal: wait.signal.as_deref().map(Arc::from), until: wait.until });
    }
    let (started, now) = (found.began(), found.ended.unwrap_or_else(SystemTime::now));
    RunStatus {
        id: found.id,
        correlation_id: found.correlation_id.as_deref().map(Arc::from),
        workflow: graph.name.into(),
        state,
        started,
        elapsed: now.duration_since(started).unwrap_or_default(),
        next_seq: 0,
        events_missed: 0,
        steps,
        graph: Some(graph),
    }
}
