//! Going on with what other processes leave.

use std::fmt;

use tokio::runtime::Handle;
use tokio::task::AbortHandle;

use super::DurableEngine;
use crate::error::AnyError;
use crate::journal::{Claim, JournalFuture, Journaled, Json, Migration, Storable, StorableInputs, outline};
use crate::step::{ResourcesFrom, Workflow};

/// An engine that keeps resuming the runs of a workflow, until this is dropped: [`DurableEngine::keep_resuming`]. Runs that it has resumed by
/// then go on.
#[must_use = "it ends when this is dropped"]
pub struct Resuming(AbortHandle);

impl<R: Send + Sync + 'static> DurableEngine<R> {
    /// Goes on with every open run of workflow `W`, as [`resume`](Self::resume) does, and from then on with those that another process
    /// leaves behind: one that dies, stands still for longer than its lease, or drops its engine. The handles of the runs are
    /// [detached](crate::Run::detach).
    ///
    /// Call it once for each workflow in each of the processes that share a journal. A run that began with other steps than `W` has now is
    /// left to a process that has those, as there is one while a new version is being rolled out.
    ///
    /// # Errors
    /// The journal cannot be read, or no tokio runtime is running here.
    pub fn keep_resuming<W>(&self) -> JournalFuture<'_, Resuming>
    where
        W: Workflow + ResourcesFrom<R> + Journaled<Json>,
        W::Output: Storable<W, Json>,
        W::Input<'static>: StorableInputs<W, Json>,
    {
        Box::pin(async move {
            let runtime = Handle::try_current().map_err(AnyError::new)?;
            let mut left = self.present.watch_left();
            for run in self.resume::<W>().await? {
                run.detach();
            }
            let engine = self.clone();
            let task = runtime.spawn(async move {
                let graph = outline(W::GRAPH);
                while left.changed().await.is_ok() && !engine.engine.is_shut_down() {
                    // What cannot be read now is tried again: the journal tells of it as long as it is there.
                    if let Ok(runs) = engine.go_on(Claim::Left { graph: graph.clone() }, &Migration::<W>::new()).await {
                        for run in runs {
                            run.detach();
                        }
                    }
                }
            });
            Ok(Resuming(task.abort_handle()))
        })
    }
}

impl Drop for Resuming {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl fmt::Debug for Resuming {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Resuming")
    }
}
