use std::fmt;
use std::marker::PhantomData;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::compat::{Waived, compatible, place};
use super::{Entry, History, RunRecord, outline};
use crate::StepHandle;
use crate::step::{Step, Workflow};

/// What becomes of the stored outputs of steps whose nodes now give something else, for runs that are still open. Give it to
/// [`DurableEngine::resume_with`](crate::DurableEngine::resume_with) at each start of the program until these runs are over: what is in the
/// journal stays as it was.
///
/// ```
/// use flowc::journal::Migration;
/// use flowc::{node, workflow};
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Serialize, Deserialize)]
/// struct Docs {
///     texts: Vec<String>,
///     language: String,
/// }
///
/// /// Version 1.0.0 gave a `Vec<String>`.
/// #[node(version = "2.0.0")]
/// fn search(word: String) -> Docs {
///     Docs { texts: vec![word], language: "en".to_owned() }
/// }
/// # #[node] fn compose(docs: &Docs) -> usize { docs.texts.len() }
/// # workflow! { fn answer(word: String) -> usize { let docs = search(word); let count = compose(&docs); count } }
///
/// let migration = Migration::<answer>::new()
///     .output(answer::docs, |texts: Vec<String>| Docs { texts, language: "en".to_owned() })
///     .again(answer::count);
/// ```
#[must_use = "a migration does nothing until runs are resumed with it"]
pub struct Migration<W> {
    steps: Vec<(String, Change)>,
    workflow: PhantomData<fn() -> W>,
}

enum Change {
    /// From the old JSON to the new.
    Output(Box<Convert>),
    Again,
}

/// Makes one text of another, or says why not.
type Convert = dyn Fn(&str) -> Result<String, String> + Send + Sync;

impl<W: Workflow> Migration<W> {
    /// One that changes nothing.
    pub fn new() -> Self {
        Self { steps: Vec::new(), workflow: PhantomData }
    }

    /// Makes the stored output of a step into what its node gives now. The step is not called again.
    pub fn output<S, Old, const VERTEX: u32>(
        self,
        step: StepHandle<W, S, VERTEX>,
        convert: impl Fn(Old) -> S::Output + Send + Sync + 'static,
    ) -> Self
    where
        S: Step<Output: Serialize>,
        Old: DeserializeOwned,
    {
        let change = move |old: &str| {
            let old =
                super::codec::read::<Old>(old).map_err(|why| format!("it is not what the migration takes: {why}"))?;
            serde_json::to_string(&convert(old)).map_err(|error| error.to_string())
        };
        self.with(step, Change::Output(Box::new(change)))
    }

    /// Calls a step once more, though it is done: what it gave is not used any more. Steps that used it are not called again by that.
    pub fn again<S: Step, const VERTEX: u32>(self, step: StepHandle<W, S, VERTEX>) -> Self {
        self.with(step, Change::Again)
    }

    fn with<S: Step, const VERTEX: u32>(mut self, _: StepHandle<W, S, VERTEX>, change: Change) -> Self {
        let graph = W::GRAPH;
        self.steps.push((format!("{}/{}", graph.name, graph.path_of(VERTEX as usize)), change));
        self
    }

    fn of(&self, place: &str) -> Option<&Change> {
        self.steps.iter().rfind(|(step, _)| step == place).map(|(_, change)| change)
    }

    /// What a run has done, as the workflow of today takes it.
    ///
    /// # Errors
    /// Why the run cannot go on in it.
    pub(crate) fn apply(&self, record: &RunRecord, mut history: History) -> Result<History, String> {
        let changes = |step: &str| self.of(&place(step));
        history.entries.retain(|entry| !matches!(changes(&entry.step), Some(Change::Again)));
        for Entry { step, value, failed, .. } in &mut history.entries {
            if let (Some(Change::Output(convert)), false) = (changes(step), *failed) {
                *value =
                    convert(value).map_err(|why| format!("what is stored of `{step}` could not be migrated: {why}"))?;
            }
        }
        let now = outline(W::GRAPH);
        let waived = |place: &str| match self.of(place) {
            Some(Change::Output(_)) => Waived::Output,
            _ => Waived::No,
        };
        if now != record.graph {
            compatible(&record.graph, &now, &history, waived).map_err(|difference| {
                format!(
                    "`{}` has changed since the run began, in what the run has done (- then, + now); bring it back until the run is \
                     over, say by a `Migration` what becomes of it, or cancel the run\n{difference}",
                    record.workflow
                )
            })?;
        }
        Ok(history)
    }
}

impl<W: Workflow> Default for Migration<W> {
    fn default() -> Self {
        Self::new()
    }
}

impl<W> fmt::Debug for Migration<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.steps.iter().map(|(step, _)| step)).finish()
    }
}
