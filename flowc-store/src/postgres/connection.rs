//! One connection, used by one thread, which waits for what it asks.

use std::error::Error;
use std::future::Future;
use std::io;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel_async::AsyncPgConnection;
use diesel_async::async_connection_wrapper::{AsyncConnectionWrapper, BlockOn};
use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use tokio::runtime::{Builder, Runtime};
use tokio_postgres::{Config, NoTls};

use crate::{StoreError, migrate};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// The queries are compiled for this. Its futures are driven by the runtime of its thread, so that a program's own runtime may be of any
/// kind, and is never blocked.
pub(super) type Db = AsyncConnectionWrapper<AsyncPgConnection, Here>;

thread_local! {
    static RUNTIME: io::Result<Arc<Runtime>> =
        Builder::new_current_thread().enable_all().build().map(Arc::new);
}

/// The runtime of this thread.
pub(super) fn runtime() -> Option<Arc<Runtime>> {
    RUNTIME.with(|runtime| runtime.as_ref().ok().map(Arc::clone))
}

pub(super) struct Here(Option<Arc<Runtime>>);

impl BlockOn for Here {
    fn block_on<F: Future>(&self, future: F) -> F::Output {
        match &self.0 {
            Some(runtime) => runtime.block_on(future),
            // There is no connection without a runtime, so nobody comes here.
            None => loop {
                thread::park();
            },
        }
    }

    fn get_runtime() -> Self {
        Self(runtime())
    }
}

/// Connects, and sets up what holds for the connection.
pub(super) fn open(config: &Config, lease: Duration) -> Result<Db, Box<dyn Error + Send + Sync>> {
    let runtime = runtime().ok_or("no runtime is to be had for it")?;
    let mut db = runtime.block_on(async {
        let (client, connection) = config.connect(NoTls).await?;
        let db = AsyncPgConnection::try_from_client_and_connection(client, connection).await?;
        Ok::<_, Box<dyn Error + Send + Sync>>(Db::from(db))
    })?;
    // A process that stands still in the middle of a transaction must not keep others from taking over.
    let limit = (lease / 2).as_millis();
    db.batch_execute(&format!(
        "SET search_path TO flowc; SET client_min_messages TO warning; \
         SET idle_in_transaction_session_timeout TO {limit}; LISTEN flowc;"
    ))?;
    Ok(db)
}

/// Makes the tables; one process at a time does.
pub(super) fn set_up(db: &mut Db, place: &str) -> Result<(), StoreError> {
    // The number says `flowc`. Whoever may not make schemas can be given one.
    let lock = 0x66_6c_6f_77_63_i64;
    let failed = |error| StoreError::of(place, &error);
    db.batch_execute(&format!(
        "SELECT pg_advisory_lock({lock}); \
         DO $$ BEGIN IF to_regnamespace('flowc') IS NULL THEN CREATE SCHEMA flowc; END IF; END $$;"
    ))
    .map_err(failed)?;
    migrate::run(db, MIGRATIONS, place)?;
    db.batch_execute(&format!("SELECT pg_advisory_unlock({lock})")).map_err(failed)
}
