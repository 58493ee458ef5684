//! Keeps the runs of [flowc]'s workflows in an SQLite file, so that they survive the end of their process. SQLite is built in. With the
//! feature `postgres` a PostgreSQL database keeps them, and several processes share it.
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

#![allow(clippy::duplicate_mod, reason = "the queries are compiled once for each database")]

mod error;
mod migrate;
#[cfg(feature = "postgres")]
mod postgres;
mod request;
mod schema;
mod sqlite;
mod writer;

use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use flowc::RunId;
use flowc::journal::{
    Begun, Cancelled, Claim, Entry, History, Journal, JournalFuture, Listener, Outcome, Posted, RunFilter, RunRecord,
    Signal, StoredRun, Wait,
};
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::oneshot;

pub use error::StoreError;
#[cfg(feature = "postgres")]
pub use postgres::Postgres;
use request::{Answer, Change, Command, Query, Refusal, Reply};

/// What a stored step survives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Durability {
    /// The end of the process, also by `kill -9`. If the machine loses power, the last moments may be gone: their steps run again.
    #[default]
    Process,
    /// The loss of power as well. Each commit waits for the disk; steps that are done at the same time share one.
    Power,
}

/// Where runs are kept: an SQLite file, or with the feature `postgres` a PostgreSQL database.
///
/// A file belongs to one process at a time, as two would both go on with its open runs: a second one that opens it gets an error, and a
/// process that was killed has let go of it. A database is shared: see [`Store::connect`].
#[derive(Debug)]
pub struct Store {
    commands: UnboundedSender<Command>,
    /// Where it is, for people.
    place: Arc<str>,
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
        let place: Arc<str> = format!("the file of runs `{file}`").into();
        let commands = sqlite::spawn(&file, &place, durability)?;
        Ok(Self { commands, place })
    }

    /// Connects to a PostgreSQL database, as [`Postgres::new`] with what it says by default.
    ///
    /// # Errors
    /// As [`Postgres::connect`].
    #[cfg(feature = "postgres")]
    pub async fn connect(url: impl Into<flowc::Secret<String>>) -> Result<Self, StoreError> {
        Postgres::new(url).connect().await
    }

    /// Has something changed, and waits for what came of it.
    fn change<T>(&self, run: Option<RunId>, change: Change, came: fn(Reply) -> Option<T>) -> JournalFuture<'_, T>
    where
        T: Send + 'static,
    {
        let (tell, told) = oneshot::channel();
        self.ask(run, Command::Change(change, tell), told, came)
    }

    /// Has something read between the changes.
    fn query<T>(&self, run: Option<RunId>, query: Query, came: fn(Reply) -> Option<T>) -> JournalFuture<'_, T>
    where
        T: Send + 'static,
    {
        let (tell, told) = oneshot::channel();
        self.ask(run, Command::Query(query, tell), told, came)
    }

    /// A command is sent at once, so that commands keep their order whenever their futures are polled.
    fn ask<T: Send + 'static>(
        &self,
        run: Option<RunId>,
        command: Command,
        told: oneshot::Receiver<Answer>,
        came: fn(Reply) -> Option<T>,
    ) -> JournalFuture<'_, T> {
        let sent = self.commands.send(command).is_ok();
        Box::pin(async move {
            let told = if sent { told.await.ok() } else { None };
            let problem = match told.map(|answer| answer.map(came)) {
                Some(Ok(Some(value))) => return Ok(value),
                Some(Err(Refusal::Sql(error))) => StoreError::of(&self.place, &error),
                #[cfg(feature = "postgres")]
                Some(Err(Refusal::TakenOver)) => return Err(flowc::AnyError::new(flowc::journal::TakenOver)),
                #[cfg(feature = "postgres")]
                Some(Err(Refusal::Away(why))) => StoreError::away(&self.place, &why),
                // A command is answered with what belongs to it, as long as its thread lives.
                Some(Ok(None)) | None => StoreError::gone(&self.place),
            };
            Err(flowc::AnyError::new(match run {
                Some(run) => problem.in_run(run),
                None => problem,
            }))
        })
    }
}

/// What an answer must be, to be the answer to a command.
macro_rules! reply {
    ($kind:ident) => {
        |reply| match reply {
            Reply::$kind(reply) => Some(reply),
            _ => None,
        }
    };
}

/// There is nothing to say about it.
#[allow(clippy::needless_pass_by_value, reason = "one of several that are called alike")]
fn done(reply: Reply) -> Option<()> {
    matches!(reply, Reply::Done).then_some(())
}

impl Journal for Store {
    fn begin(&self, run: RunRecord) -> JournalFuture<'_, Begun> {
        self.change(Some(run.id), Change::Begin(run), reply!(Begun))
    }

    fn append(&self, run: RunId, entry: Entry) -> JournalFuture<'_, ()> {
        self.change(Some(run), Change::Append(run, entry), done)
    }

    fn end(&self, run: RunId, outcome: Outcome) -> JournalFuture<'_, ()> {
        self.change(Some(run), Change::End(run, outcome), done)
    }

    fn open_runs(&self) -> JournalFuture<'_, Vec<RunRecord>> {
        self.query(None, Query::OpenRuns, reply!(Records))
    }

    fn claim(&self, workflow: String, claim: Claim) -> JournalFuture<'_, Vec<RunRecord>> {
        self.change(None, Change::Claim(workflow, claim), reply!(Records))
    }

    fn cancel(&self, run: RunId) -> JournalFuture<'_, Cancelled> {
        self.change(Some(run), Change::Cancel(run), reply!(Cancelled))
    }

    fn listen(&self, listener: Arc<dyn Listener>) {
        // A thread that is gone has nothing to tell.
        drop(self.commands.send(Command::Listen(listener)));
    }

    fn history(&self, run: RunId) -> JournalFuture<'_, History> {
        self.query(Some(run), Query::History(run), reply!(History))
    }

    fn wait(&self, run: RunId, wait: Wait) -> JournalFuture<'_, ()> {
        self.change(Some(run), Change::Wait(run, wait), done)
    }

    fn signal(&self, run: RunId, signal: Signal) -> JournalFuture<'_, Posted> {
        self.change(Some(run), Change::Signal(run, signal), reply!(Posted))
    }

    fn runs(&self, filter: RunFilter) -> JournalFuture<'_, Vec<StoredRun>> {
        self.query(None, Query::Runs(filter), reply!(Runs))
    }

    fn find(&self, run: RunId) -> JournalFuture<'_, Option<StoredRun>> {
        self.query(Some(run), Query::Find(run), reply!(Run))
    }

    fn delete_ended(&self, before: SystemTime) -> JournalFuture<'_, u64> {
        self.change(None, Change::DeleteEnded(before), reply!(Deleted))
    }
}
