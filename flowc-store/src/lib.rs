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
mod rows;
mod schema;
mod writer;

use std::path::Path;
use std::sync::mpsc::Sender;

use flowc::RunId;
use flowc::journal::{Entry, Journal, JournalFuture, Outcome, RunRecord};
use tokio::sync::oneshot;

pub use error::StoreError;
use writer::{Change, Command};

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

    fn change(&self, run: RunId, change: Change) -> JournalFuture<'_, ()> {
        let (tell, told) = oneshot::channel();
        self.send(Command::Write(change, tell), told, Some(run))
    }

    /// Waits for the answer of the writer.
    fn send<T: Send + 'static>(
        &self,
        command: Command,
        told: oneshot::Receiver<Result<T, diesel::result::Error>>,
        run: Option<RunId>,
    ) -> JournalFuture<'_, T> {
        let sent = self.writer.send(command).is_ok();
        Box::pin(async move {
            let answer = if sent { told.await.ok() } else { None };
            let problem = match answer {
                Some(Ok(value)) => return Ok(value),
                Some(Err(error)) => StoreError::of(&self.file, &error),
                None => StoreError::gone(&self.file),
            };
            Err(flowc::AnyError::new(match run {
                Some(run) => problem.in_run(run),
                None => problem,
            }))
        })
    }
}

impl Journal for Store {
    fn begin(&self, run: RunRecord) -> JournalFuture<'_, ()> {
        self.change(run.id, Change::Begin(run))
    }

    fn append(&self, run: RunId, entry: Entry) -> JournalFuture<'_, ()> {
        self.change(run, Change::Append(run, entry))
    }

    fn end(&self, run: RunId, outcome: Outcome) -> JournalFuture<'_, ()> {
        self.change(run, Change::End(run, outcome))
    }

    fn open_runs(&self) -> JournalFuture<'_, Vec<RunRecord>> {
        let (tell, told) = oneshot::channel();
        self.send(Command::OpenRuns(tell), told, None)
    }

    fn entries(&self, run: RunId) -> JournalFuture<'_, Vec<Entry>> {
        let (tell, told) = oneshot::channel();
        self.send(Command::Entries(run, tell), told, Some(run))
    }
}
