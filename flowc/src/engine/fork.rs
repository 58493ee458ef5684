//! A new run that begins with what another one has done.

use std::collections::BTreeSet;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use serde::Serialize;

use super::durable::inputs;
use super::{DurableEngine, Run, StepHandle};
use crate::error::AnyError;
use crate::id::RunId;
use crate::journal::{
    Entry, History, JournalFuture, Journaled, Json, Migration, RunRecord, Storable, StorableInputs, StoredRun, outline,
    place,
};
use crate::options::RunOptions;
use crate::step::{ResourcesFrom, Step, Workflow};

impl<R: Send + Sync + 'static> DurableEngine<R> {
    /// A new run of a workflow that begins with what another run of it has done, however that one stands: to try once more after a failure,
    /// or to see what other data would give. The other run stays as it is.
    ///
    /// Without more, what had failed is called again, and all that comes after it.
    ///
    /// ```
    /// # use flowc::{DurableEngine, RunId, node, workflow};
    /// # #[node] fn search(word: String) -> Vec<String> { vec![word] }
    /// # #[node] fn rank(docs: &Vec<String>) -> usize { docs.len() }
    /// # workflow! { fn answer(word: String) -> usize { let docs = search(word); let ranked = rank(&docs); ranked } }
    /// # async fn again(engine: DurableEngine<()>, run: RunId) -> Result<(), Box<dyn std::error::Error>> {
    /// // With other documents; they are ranked again.
    /// let fork = engine.fork::<answer>(run).output(answer::docs, vec!["a cat".to_owned()]);
    /// let ranked = fork.start().await?.await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn fork<W: Workflow>(&self, run: RunId) -> Fork<'_, R, W> {
        Fork { engine: self, run, again: BTreeSet::new(), outputs: Vec::new(), workflow: PhantomData }
    }
}

/// A run about to begin with what another one has done: [`DurableEngine::fork`] gives it.
#[must_use = "no run begins before `start`"]
pub struct Fork<'e, R, W> {
    engine: &'e DurableEngine<R>,
    run: RunId,
    /// The vertices whose steps are called again.
    again: BTreeSet<u32>,
    /// Other outputs: the vertex, and the JSON or why there is none.
    outputs: Vec<(u32, Result<String, String>)>,
    workflow: PhantomData<fn() -> W>,
}

impl<'e, R, W> Fork<'e, R, W>
where
    R: Send + Sync + 'static,
    W: Workflow,
{
    /// This step is called again, and all that comes after it.
    pub fn again<S: Step, const VERTEX: u32>(mut self, _: StepHandle<W, S, VERTEX>) -> Self {
        self.again.extend(W::GRAPH.downstream(VERTEX));
        self
    }

    /// This step has given that, and all that comes after it is called again.
    pub fn output<S, const VERTEX: u32>(mut self, _: StepHandle<W, S, VERTEX>, output: S::Output) -> Self
    where
        S: Step<Output: Serialize>,
    {
        self.again.extend(W::GRAPH.downstream(VERTEX));
        self.outputs.push((VERTEX, serde_json::to_string(&output).map_err(|error| error.to_string())));
        self
    }

    /// Starts it, under an id of its own. It is in the journal, with what it begins with, when this returns.
    ///
    /// # Errors
    /// There is no such run, it is of another workflow, it has done what the workflow has not any more, or the journal failed.
    pub fn start(self) -> JournalFuture<'e, Run<W>, ForkError>
    where
        W: ResourcesFrom<R> + Journaled<Json>,
        W::Output: Storable<W, Json>,
        W::Input<'static>: StorableInputs<W, Json>,
    {
        Box::pin(async move {
            let (run, journal) = (self.run, Arc::clone(&self.engine.journal));
            let found = journal.find(run).await.map_err(ForkError::Journal)?.ok_or(ForkError::Unknown { run })?;
            if found.workflow != W::GRAPH.name {
                return Err(ForkError::OtherWorkflow { run, workflow: found.workflow, asked: W::GRAPH.name });
            }
            let history = journal.history(run).await.map_err(ForkError::Journal)?;
            let history = self.begins_with(&found, history)?;
            let id = RunId::new();
            let record = RunRecord {
                id,
                workflow: found.workflow,
                graph: outline(W::GRAPH),
                inputs: found.inputs,
                correlation_id: found.correlation_id.clone(),
                start_key: None,
            };
            let correlation = record.correlation_id.as_deref().map(Arc::from);
            let options = RunOptions { id: Some(id), correlation, ..RunOptions::default() };
            let inputs = inputs::<W>(&record).map_err(|why| ForkError::Changed { run, why })?;
            let launch = self.engine.launcher(inputs, options, history.clone());
            journal.begin(record).await.map_err(ForkError::Journal)?;
            for entry in &history.entries {
                journal.append(id, entry.clone()).await.map_err(ForkError::Journal)?;
            }
            Ok(launch())
        })
    }

    /// What of the other run holds for the new one.
    fn begins_with(&self, found: &StoredRun, mut history: History) -> Result<History, ForkError> {
        let mut again = self.again.clone();
        for entry in history.entries.iter().filter(|entry| entry.failed) {
            for vertex in vertices_at::<W>(&place(&entry.step)) {
                again.extend(W::GRAPH.downstream(vertex));
            }
        }
        for (vertex, output) in &self.outputs {
            let output = output.as_ref().map_err(|why| ForkError::Output { why: why.clone() })?;
            for entry in history.entries.iter_mut().filter(|entry| is_at::<W>(entry, *vertex)) {
                (entry.failed, entry.value) = (false, output.clone());
            }
        }
        let is_given = |entry: &Entry| self.outputs.iter().any(|(vertex, _)| is_at::<W>(entry, *vertex));
        history.entries.retain(|entry| {
            is_given(entry) || !vertices_at::<W>(&place(&entry.step)).iter().any(|vertex| again.contains(vertex))
        });
        // Its signals are the other run's; what they brought is in the entries.
        for entry in &mut history.entries {
            entry.signal = None;
        }
        let history = History { entries: history.entries, ..History::default() };
        let record = RunRecord {
            id: found.id,
            workflow: found.workflow.clone(),
            graph: found.graph.clone(),
            inputs: found.inputs.clone(),
            correlation_id: None,
            start_key: None,
        };
        Migration::<W>::new().apply(&record, history).map_err(|why| ForkError::Changed { run: self.run, why })
    }
}

/// The steps of the workflow itself that a place is at or in.
fn vertices_at<W: Workflow>(place: &str) -> Vec<u32> {
    let here = |vertex: usize| format!("{}/{}", W::GRAPH.name, W::GRAPH.path_of(vertex));
    let is_in = |path: &str| place.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let vertices = (0..).zip(W::GRAPH.vertices);
    let steps = vertices.filter(|(_, vertex)| matches!(vertex.kind, crate::graph::VertexKind::Step { .. }));
    steps.map(|(index, _)| index).filter(|index: &u32| is_in(&here(*index as usize))).collect()
}

fn is_at<W: Workflow>(entry: &Entry, vertex: u32) -> bool {
    place(&entry.step) == format!("{}/{}", W::GRAPH.name, W::GRAPH.path_of(vertex as usize))
}

impl<R, W> fmt::Debug for Fork<'_, R, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fork").field("run", &self.run).finish_non_exhaustive()
    }
}

/// Why a run could not begin with what another one has done.
#[derive(Debug)]
#[non_exhaustive]
pub enum ForkError {
    /// There is no such run.
    Unknown {
        /// The run that was asked for.
        run: RunId,
    },
    /// The run is of another workflow.
    OtherWorkflow {
        /// The run that was asked for.
        run: RunId,
        /// Its workflow.
        workflow: String,
        /// The workflow that was asked for.
        asked: &'static str,
    },
    /// It has done what the workflow has not any more, or not so.
    Changed {
        /// The run that was asked for.
        run: RunId,
        /// What differs, and what to do.
        why: String,
    },
    /// An output that was given cannot be written as JSON.
    Output {
        /// Why not.
        why: String,
    },
    /// The journal failed.
    Journal(AnyError),
}

impl fmt::Display for ForkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown { run } => write!(f, "there is no run {run} in the journal; `runs` lists those that are"),
            Self::OtherWorkflow { run, workflow, asked } => {
                write!(f, "run {run} is one of `{workflow}`, and not of `{asked}`; write `fork::<{workflow}>`")
            }
            Self::Changed { run, why } => write!(f, "nothing can begin with what run {run} has done: {why}"),
            Self::Output { why } => write!(f, "an output that was given cannot be written as JSON: {why}"),
            Self::Journal(error) => write!(f, "the journal failed: {error}"),
        }
    }
}

impl std::error::Error for ForkError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Journal(error) => Some(error),
            _ => None,
        }
    }
}
