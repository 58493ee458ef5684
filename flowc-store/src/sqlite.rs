//! Runs in an SQLite file, which one process has to itself.

use std::error::Error;
use std::sync::Arc;
use std::thread;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use flowc::journal::Listener;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::request::{Answer, Change, Command, Query, Reply};
use crate::writer::{Base, Next, serve};
use crate::{Durability, StoreError, migrate};

/// The queries are compiled for this.
type Db = SqliteConnection;

#[path = "queries/mod.rs"]
mod queries;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations/sqlite");

struct File(SqliteConnection);

/// Opens the file, and writes to it until nobody can ask for that any more.
pub(crate) fn spawn(file: &str, place: &str, durability: Durability) -> Result<UnboundedSender<Command>, StoreError> {
    let failed = |error: &dyn Error| StoreError::of(place, error);
    let mut db = SqliteConnection::establish(file).map_err(|error| failed(&error))?;
    set_up(&mut db, place, durability)?;
    let (sender, receiver) = unbounded_channel();
    let thread = thread::Builder::new().name("flowc-store".to_owned());
    thread.spawn(move || serve(File(db), receiver)).map_err(|error| failed(&error))?;
    Ok(sender)
}

fn set_up(db: &mut SqliteConnection, place: &str, durability: Durability) -> Result<(), StoreError> {
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
    db.batch_execute(&pragmas).map_err(|error| StoreError::of(place, &error))?;
    migrate::run(db, MIGRATIONS, place)
}

impl Base for File {
    fn next(&mut self, commands: &mut UnboundedReceiver<Command>, _: bool) -> Next {
        commands.blocking_recv().map_or(Next::Close, Next::Command)
    }

    fn change(&mut self, changes: &[&Change]) -> Answer<Vec<Reply>> {
        let made =
            self.0.immediate_transaction(|db| changes.iter().map(|change| queries::change(db, change)).collect());
        Ok(made?)
    }

    fn query(&mut self, query: &Query) -> Answer {
        Ok(queries::query(&mut self.0, query)?)
    }

    // Nobody else has the file.
    fn listen(&mut self, _: Arc<dyn Listener>) {}

    fn close(self) {}
}
