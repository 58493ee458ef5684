use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use super::doors::ShutdownReport;
use super::replay::Durable;
use super::{Engine, Run};
use crate::error::AnyError;
use crate::id::RunId;
use crate::journal::{Codecs, Journal, Journaled, Json, RunRecord, Storable, StorableInputs, difference, outline};
use crate::options::{Options, RunOptions};
use crate::prepared::Prepared;
use crate::step::{ResourcesFrom, Workflow};

/// An [`Engine`] whose runs survive the end of the process: [`Builder::journal`](crate::Builder::journal) makes one. See
/// [`journal`](crate::journal).
///
/// It is cheap to clone, and all clones are the same engine.
pub struct DurableEngine<R> {
    engine: Engine<R>,
    journal: Arc<dyn Journal>,
}

impl<R: Send + Sync + 'static> DurableEngine<R> {
    pub(super) fn new(engine: Engine<R>, journal: Arc<dyn Journal>) -> Self {
        Self { engine, journal }
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
        let id = RunId::new();
        options.id = Some(id);
        let inputs = StorableInputs::<W, Json>::write(&workflow.input);
        let record = inputs.map(|inputs| RunRecord {
            id,
            workflow: W::GRAPH.name.to_owned(),
            graph: outline(W::GRAPH),
            inputs,
            correlation_id: options.correlation.as_deref().map(str::to_owned),
        });
        let begun =
            record.map(|record| Durable::new(Arc::clone(&self.journal), codecs::<W>(), Some(record), Vec::new()));
        let workflow = begun.map(|durable| (workflow.input, durable));
        self.engine.launch(workflow.map_err(|why| format!("the inputs could not be stored: {why}")), &options)
    }

    /// Goes on with every open run of workflow `W`: call it once for each workflow after the engine is built, before new runs are
    /// started. Steps that are stored are not called again. The handles are those of the runs, under their old ids.
    ///
    /// A run that cannot go on, because the steps of the workflow have changed since it began, say, is among them: it has failed with
    /// the kind [`Journal`](crate::FailureKind::Journal) and a text that shows the difference, and stays open.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub async fn resume<W>(&self) -> Result<Vec<Run<W>>, AnyError>
    where
        W: Workflow + ResourcesFrom<R> + Journaled<Json>,
        W::Output: Storable<W, Json>,
        W::Input<'static>: StorableInputs<W, Json>,
    {
        let mut runs = Vec::new();
        for record in self.journal.open_runs().await? {
            if record.workflow == W::GRAPH.name {
                let entries = self.journal.entries(record.id).await?;
                let correlation = record.correlation_id.as_deref().map(Arc::from);
                let options = RunOptions { id: Some(record.id), correlation, ..RunOptions::default() };
                let inputs = inputs::<W>(&record);
                let durable = Durable::new(Arc::clone(&self.journal), codecs::<W>(), None, entries);
                runs.push(self.engine.launch(inputs.map(|inputs| (inputs, durable)), &options));
            }
        }
        Ok(runs)
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

fn codecs<W>() -> Codecs
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
fn inputs<W>(record: &RunRecord) -> Result<W::Input<'static>, String>
where
    W: Workflow,
    W::Input<'static>: StorableInputs<W, Json>,
{
    let graph = outline(W::GRAPH);
    if graph != record.graph {
        return Err(format!(
            "the steps of `{}` have changed since the run began (- then, + now); bring them back until the run is over, or cancel it\n{}",
            record.workflow,
            difference(&record.graph, &graph)
        ));
    }
    StorableInputs::<W, Json>::read(&record.inputs).map_err(|why| format!("its stored inputs cannot be read: {why}"))
}

impl<R> Clone for DurableEngine<R> {
    fn clone(&self) -> Self {
        Self { engine: self.engine.clone(), journal: Arc::clone(&self.journal) }
    }
}

impl<R> fmt::Debug for DurableEngine<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DurableEngine").finish_non_exhaustive()
    }
}
