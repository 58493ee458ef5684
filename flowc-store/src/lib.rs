//! Keeps the runs of [flowc]'s workflows in an SQLite file, so that they survive the end of their process. SQLite is built in.
//!
//! ```
//! use flowc::{Engine, node, workflow};
//! use flowc_store::Store;
//!
//! #[node]
//! async fn halve(number: u32) -> u32 {
//!     number / 2
//! }
//!
//! workflow! {
//!     fn quarter(number: u32) -> u32 {
//!         halve(halve(number))
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let file = std::env::temp_dir().join(format!("flowc-store-{}.db", std::process::id()));
//! let engine = Engine::builder().resources(()).journal(Store::open(&file)?).build();
//!
//! // What was open when the last process ended goes on, without the steps that were done.
//! for run in engine.resume::<quarter>().await? {
//!     run.detach();
//! }
//! assert_eq!(engine.start(quarter(8)).await?, 2);
//! # drop(engine);
//! # for end in ["", "-wal"] { let _ = std::fs::remove_file(format!("{}{end}", file.display())); }
//! # Ok(())
//! # }
//! ```

mod error;
mod listing;
mod rows;
mod schema;
mod writer;

use std::path::Path;
use std::sync::mpsc::Sender;
use std::time::SystemTime;

use diesel::prelude::*;
use flowc::RunId;
use flowc::journal::{
    Begun, Entry, History, Journal, JournalFuture, Outcome, Posted, RunFilter, RunRecord, Signal, StoredRun, Wait,
};
use tokio::sync::oneshot;

pub use error::StoreError;
use writer::{Applied, Change, Command};

/// What a stored step survives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Durability {
    /// The end of the process, also by `kill -9`. If the machine loses power, the last moments may be gone: their steps run again.
    #[default]
    Process,
    /// The loss of power as well. Each commit waits for the disk; steps that are done at the same time share one.
    Power,
}

/// An SQLite file of runs.
///
/// It belongs to one process at a time, as two would both go on with its open runs: a second one that opens it gets an error, and a
/// process that was killed has let go of it.
#[derive(Debug)]
pub struct Store {
    writer: Sender<Command>,
    file: String,
}

impl Store {
    /// Opens the file, or makes it, at the level [`Durability::Process`].
    ///
    /// # Errors
    /// Another process has the file, it is no SQLite file, it is damaged, a newer version of this crate has written it, or it cannot
    /// be made where it is to be.
    pub fn open(file: impl AsRef<Path>) -> Result<Self, StoreError> {
        Self::open_at(file, Durability::Process)
    }

    /// The same, at a level of your own.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_at(file: impl AsRef<Path>, durability: Durability) -> Result<Self, StoreError> {
        let file = file.as_ref().display().to_string();
        let writer = writer::spawn(&file, durability)?;
        Ok(Self { writer, file })
    }

    /// Has the writer change something, and waits for what came of it.
    fn change<T>(&self, run: Option<RunId>, change: Change, came: fn(Applied) -> Option<T>) -> JournalFuture<'_, T>
    where
        T: Send + 'static,
    {
        let (tell, told) = oneshot::channel();
        let sent = self.writer.send(Command::Write(change, tell)).is_ok();
        Box::pin(async move {
            let told = if sent { told.await.ok() } else { None };
            // The writer answers a change with what belongs to it.
            self.answer(told.and_then(|applied| applied.map(came).transpose()), run)
        })
    }

    /// Has the writer read something between its changes.
    fn read<T: Send + 'static>(
        &self,
        run: Option<RunId>,
        read: impl FnOnce(&mut SqliteConnection) -> QueryResult<T> + Send + 'static,
    ) -> JournalFuture<'_, T> {
        let (tell, told) = oneshot::channel();
        // Nobody who is gone needs an answer.
        let sent = self.writer.send(Command::Read(Box::new(move |db| drop(tell.send(read(db)))))).is_ok();
        Box::pin(async move {
            let told = if sent { told.await.ok() } else { None };
            self.answer(told, run)
        })
    }

    fn answer<T>(&self, told: Option<QueryResult<T>>, run: Option<RunId>) -> Result<T, flowc::AnyError> {
        let problem = match told {
            Some(Ok(value)) => return Ok(value),
            Some(Err(error)) => StoreError::of(&self.file, &error),
            None => StoreError::gone(&self.file),
        };
        Err(flowc::AnyError::new(match run {
            Some(run) => problem.in_run(run),
            None => problem,
        }))
    }
}

/// There is nothing to say about it.
#[allow(clippy::needless_pass_by_value, reason = "one of several that are called alike")]
fn done(applied: Applied) -> Option<()> {
    matches!(applied, Applied::Done).then_some(())
}

impl Journal for Store {
    fn begin(&self, run: RunRecord) -> JournalFuture<'_, Begun> {
        self.change(Some(run.id), Change::Begin(run), |applied| match applied {
            Applied::Begun(begun) => Some(begun),
            _ => None,
        })
    }

    fn append(&self, run: RunId, entry: Entry) -> JournalFuture<'_, ()> {
        self.change(Some(run), Change::Append(run, entry), done)
    }

    fn end(&self, run: RunId, outcome: Outcome) -> JournalFuture<'_, ()> {
        self.change(Some(run), Change::End(run, outcome), done)
    }

    fn open_runs(&self) -> JournalFuture<'_, Vec<RunRecord>> {
        self.read(None, rows::open_runs)
    }

    fn history(&self, run: RunId) -> JournalFuture<'_, History> {
        self.read(Some(run), move |db| rows::history(db, run))
    }

    fn wait(&self, run: RunId, wait: Wait) -> JournalFuture<'_, ()> {
        self.change(Some(run), Change::Wait(run, wait), done)
    }

    fn signal(&self, run: RunId, signal: Signal) -> JournalFuture<'_, Posted> {
        self.change(Some(run), Change::Signal(run, signal), |applied| match applied {
            Applied::Posted(posted) => Some(posted),
            _ => None,
        })
    }

    fn runs(&self, filter: RunFilter) -> JournalFuture<'_, Vec<StoredRun>> {
        self.read(None, move |db| listing::runs(db, &filter))
    }

    fn find(&self, run: RunId) -> JournalFuture<'_, Option<StoredRun>> {
        self.read(Some(run), move |db| listing::find(db, run))
    }

    fn delete_ended(&self, before: SystemTime) -> JournalFuture<'_, u64> {
        self.change(None, Change::DeleteEnded(before), |applied| match applied {
            Applied::Deleted(runs) => Some(runs),
            _ => None,
        })
    }
}
