//! The one thread that has the file: what has gathered while it wrote is written with the next commit.

use std::error::Error;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::SystemTime;

use diesel::connection::SimpleConnection;
use diesel::migration::{Migration, MigrationSource};
use diesel::prelude::*;
use diesel::sqlite::Sqlite;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use flowc::RunId;
use flowc::journal::{Begun, Entry, Outcome, Posted, RunRecord, Signal, Wait};
use tokio::sync::oneshot;

use crate::{Durability, StoreError, rows};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");

/// So many changes at most go into one commit.
const BATCH: usize = 512;

type Tell<T> = oneshot::Sender<QueryResult<T>>;

pub(crate) enum Change {
    Begin(RunRecord),
    Append(RunId, Entry),
    Wait(RunId, Wait),
    Signal(RunId, Signal),
    End(RunId, Outcome),
    DeleteEnded(SystemTime),
}

/// What a change came to.
pub(crate) enum Applied {
    Done,
    Begun(Begun),
    Posted(Posted),
    Deleted(u64),
}

/// Reads, and tells who asked.
pub(crate) type Read = Box<dyn FnOnce(&mut SqliteConnection) + Send>;

pub(crate) enum Command {
    Write(Change, Tell<Applied>),
    Read(Read),
}

/// Opens the file, and writes to it until nobody can ask for that any more.
pub(crate) fn spawn(file: &str, durability: Durability) -> Result<Sender<Command>, StoreError> {
    let mut db = SqliteConnection::establish(file).map_err(|error| StoreError::of(file, &error))?;
    set_up(&mut db, file, durability)?;
    let (sender, receiver) = channel();
    let thread = thread::Builder::new().name("flowc-store".to_owned());
    thread.spawn(move || serve(&mut db, &receiver)).map_err(|error| StoreError::of(file, &error))?;
    Ok(sender)
}

fn set_up(db: &mut SqliteConnection, file: &str, durability: Durability) -> Result<(), StoreError> {
    let synchronous = match durability {
        Durability::Process => "NORMAL",
        Durability::Power => "FULL",
    };
    // Exclusive, so that no second process goes on with the same runs; a process that is killed lets go. It waits a moment for one that
    // is just ending.
    let pragmas = format!(
        "PRAGMA busy_timeout = 2000; PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; \
         PRAGMA synchronous = {synchronous}; PRAGMA foreign_keys = ON; BEGIN EXCLUSIVE; COMMIT;"
    );
    db.batch_execute(&pragmas).map_err(|error| StoreError::of(file, &error))?;
    let failed = |error: Box<dyn Error + Send + Sync>| StoreError::of(file, &*error);
    let known: Vec<Box<dyn Migration<Sqlite>>> = MIGRATIONS.migrations().map_err(failed)?;
    db.run_pending_migrations(MIGRATIONS).map_err(failed)?;
    let applied = db.applied_migrations().map_err(failed)?;
    let newer = applied.iter().find(|version| !known.iter().any(|migration| migration.name().version() == **version));
    newer.map_or(Ok(()), |version| Err(StoreError::newer(file, &version.to_string())))
}

fn serve(db: &mut SqliteConnection, commands: &Receiver<Command>) {
    let mut changes = Vec::new();
    while let Ok(first) = commands.recv() {
        let mut next = Some(first);
        while let Some(command) = next.take() {
            match command {
                Command::Write(change, tell) => changes.push((change, tell)),
                Command::Read(read) => read(db),
            }
            if changes.len() < BATCH {
                next = commands.try_recv().ok();
            }
        }
        write(db, &mut changes);
    }
}

/// Writes all changes with one commit. If one of them cannot be written, each is tried alone.
fn write(db: &mut SqliteConnection, changes: &mut Vec<(Change, Tell<Applied>)>) {
    if changes.is_empty() {
        return;
    }
    let all: QueryResult<Vec<Applied>> =
        db.immediate_transaction(|db| changes.iter().map(|(change, _)| rows::apply(db, change)).collect());
    let mut applied = all.ok().map(Vec::into_iter);
    for (change, tell) in changes.drain(..) {
        let written = match applied.as_mut().and_then(Iterator::next) {
            Some(applied) => Ok(applied),
            None => db.immediate_transaction(|db| rows::apply(db, &change)),
        };
        // Nobody who is gone needs an answer.
        drop(tell.send(written));
    }
}
