//! The connection that is made again when it breaks.

use std::error::Error;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::thread;
use std::time::Duration;

use diesel::QueryResult;
use diesel::connection::SimpleConnection;
use futures_core::Stream;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::{Instant, sleep_until};
use tokio_postgres::Config;

use super::connection::{self, Db};
use crate::StoreError;
use crate::request::{Answer, Command, Refusal};

/// How long it waits before it tries again to connect: longer each time, up to this.
const PAUSE: Duration = Duration::from_secs(1);

pub(super) struct Link {
    config: Config,
    pub(super) place: Arc<str>,
    lease: Duration,
    /// `None` while it is broken.
    db: Option<Db>,
    /// It was told that the database is away.
    away: bool,
}

/// Why the thread has woken up.
pub(super) enum Woken {
    Command(Command),
    /// There will be no more commands.
    Closed,
    Renew,
    /// What another process has told.
    News(String),
}

impl Link {
    pub(super) fn open(mut config: Config, place: Arc<str>, lease: Duration) -> Result<Self, StoreError> {
        if config.get_application_name().is_none() {
            config.application_name("flowc");
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(Duration::from_secs(10));
        }
        if config.get_tcp_user_timeout().is_none() {
            // A server whose machine is gone does not say so.
            config.tcp_user_timeout(lease.max(Duration::from_secs(5)));
            config.keepalives_idle(Duration::from_secs(5));
        }
        let mut db = connection::open(&config, lease).map_err(|error| StoreError::of(&place, &*error))?;
        connection::set_up(&mut db, &place)?;
        Ok(Self { config, place, lease, db: Some(db), away: false })
    }

    /// Waits for a command, for news and for the time.
    pub(super) fn woken(&mut self, commands: &mut UnboundedReceiver<Command>, until: Instant) -> Woken {
        let Some(runtime) = connection::runtime() else { return Woken::Closed };
        let woken = runtime.block_on(async {
            let mut time = pin!(sleep_until(until));
            let mut news = self.db.as_mut().map(|db| Box::pin(db.notifications_stream()));
            poll_fn(|task| {
                if let Poll::Ready(command) = commands.poll_recv(task) {
                    return Poll::Ready(Some(command.map_or(Woken::Closed, Woken::Command)));
                }
                if let Some(news) = &mut news
                    && let Poll::Ready(news) = news.as_mut().poll_next(task)
                {
                    return Poll::Ready(news.and_then(Result::ok).map(|news| Woken::News(news.payload)));
                }
                time.as_mut().poll(task).map(|()| Some(Woken::Renew))
            })
            .await
        });
        woken.unwrap_or_else(|| {
            // The connection is broken, and nothing was under way.
            self.db = None;
            Woken::Renew
        })
    }

    /// Does it if the database is there.
    pub(super) fn once<T>(&mut self, work: impl FnMut(&mut Db) -> QueryResult<T>) -> Option<T> {
        match self.attempt(work) {
            Ok(Ok(value)) => Some(value),
            Ok(Err(error)) => {
                tracing::warn!(place = &*self.place, %error, "something could not be done that will be tried again");
                None
            }
            Err(_) => None,
        }
    }

    /// The same for somebody who wants to know.
    pub(super) fn ask<T>(&mut self, mut work: impl FnMut(&mut Db) -> QueryResult<T>) -> Answer<T> {
        // What breaks the connection may be an old one.
        let done = self.attempt(&mut work).or_else(|_| self.attempt(&mut work));
        Ok(done.map_err(Refusal::Away)??)
    }

    /// Does it as soon as the database is there. It may have been done before, with a connection that broke too early to tell.
    pub(super) fn wait<T>(&mut self, mut work: impl FnMut(&mut Db) -> QueryResult<T>) -> QueryResult<T> {
        let mut pause = Duration::from_millis(20);
        loop {
            if let Ok(done) = self.attempt(&mut work) {
                return done;
            }
            thread::sleep(pause);
            pause = (pause * 2).min(PAUSE);
        }
    }

    /// An error if the database is not there.
    fn attempt<T>(&mut self, mut work: impl FnMut(&mut Db) -> QueryResult<T>) -> Result<QueryResult<T>, String> {
        let db = match &mut self.db {
            Some(db) => db,
            None => {
                let db = connection::open(&self.config, self.lease).map_err(|error| self.is_away(&*error))?;
                tracing::info!(place = &*self.place, "the database is there again");
                self.away = false;
                self.db.insert(db)
            }
        };
        match work(db) {
            Err(error) if db.batch_execute("SELECT 1").is_err() => {
                self.db = None;
                Err(self.is_away(&error))
            }
            done => Ok(done),
        }
    }

    /// Says it once, and what it said.
    fn is_away(&mut self, error: &dyn Error) -> String {
        let error = StoreError::of(&self.place, error);
        if !std::mem::replace(&mut self.away, true) {
            tracing::warn!(%error, "the database is away: its runs wait, and go on when it is back");
        }
        error.why().to_owned()
    }
}
