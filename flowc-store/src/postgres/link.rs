//! The connection that is made again when it breaks.

use std::error::Error;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
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

/// How long it waits before it tries again to connect: longer each time.
const SHORTEST: Duration = Duration::from_millis(20);
const LONGEST: Duration = Duration::from_secs(1);

pub(super) struct Link {
    config: Config,
    pub(super) place: Arc<str>,
    lease: Duration,
    /// `None` while it is broken.
    db: Option<Db>,
    /// Why the database is away, if it is; that was told.
    away: Option<String>,
    next_try: Instant,
    pause: Duration,
}

/// Why the thread has woken up.
pub(super) enum Woken {
    Command(Command),
    /// There will be no more commands.
    Closed,
    Time,
    /// What another process has told.
    News(String),
}

impl Link {
    pub(super) fn open(mut config: Config, place: Arc<str>, lease: Duration) -> Result<Self, StoreError> {
        if config.get_application_name().is_none() {
            config.application_name("flowc");
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(Duration::from_secs(5));
        }
        if config.get_tcp_user_timeout().is_none() {
            // A server whose machine is gone does not say so.
            config.tcp_user_timeout(lease.max(Duration::from_secs(5)));
            config.keepalives_idle(Duration::from_secs(5));
        }
        let mut db = connection::open(&config, lease).map_err(|error| StoreError::of(&place, &*error))?;
        connection::set_up(&mut db, &place)?;
        Ok(Self { config, place, lease, db: Some(db), away: None, next_try: Instant::now(), pause: SHORTEST })
    }

    /// Waits for a command, for news and for the time.
    pub(super) fn woken(&mut self, commands: &mut UnboundedReceiver<Command>, until: Instant) -> Woken {
        let Some(runtime) = connection::runtime() else { return Woken::Closed };
        let woken = runtime.block_on(async {
            let mut time = pin!(sleep_until(until));
            let mut news = self.db.as_mut().map(|db| Box::pin(db.notifications_stream()));
            poll_fn(|task| {
                if let Some(news) = &mut news
                    && let Poll::Ready(news) = news.as_mut().poll_next(task)
                {
                    return Poll::Ready(news.and_then(Result::ok).map(|news| Woken::News(news.payload)));
                }
                if let Poll::Ready(command) = commands.poll_recv(task) {
                    return Poll::Ready(Some(command.map_or(Woken::Closed, Woken::Command)));
                }
                time.as_mut().poll(task).map(|()| Some(Woken::Time))
            })
            .await
        });
        woken.unwrap_or_else(|| {
            // The connection is broken, and nothing was under way.
            self.db = None;
            Woken::Time
        })
    }

    /// When to try again what could not be done.
    pub(super) fn next_try(&self) -> Instant {
        self.next_try
    }

    /// Does it if the database is there, and says so in the log if it cannot be done.
    pub(super) fn once<T>(&mut self, work: impl FnMut(&mut Db) -> QueryResult<T>) -> Option<T> {
        match self.ask(work) {
            Ok(value) => Some(value),
            Err(Refusal::Sql(error)) => {
                tracing::warn!(place = &*self.place, %error, "something could not be done that will be tried again");
                None
            }
            Err(_) => None,
        }
    }

    /// Does it if the database is there. It may have been done before, with a connection that broke too early to tell.
    pub(super) fn ask<T>(&mut self, mut work: impl FnMut(&mut Db) -> QueryResult<T>) -> Answer<T> {
        if let Some(db) = &mut self.db {
            match work(db) {
                Err(_) if db.batch_execute("SELECT 1").is_err() => self.db = None,
                done => return Ok(done?),
            }
        }
        if let Some(why) = self.away.as_ref().filter(|_| Instant::now() < self.next_try) {
            return Err(Refusal::Away(why.clone()));
        }
        let mut db = connection::open(&self.config, self.lease).map_err(|error| self.is_away(&*error))?;
        if self.away.take().is_some() {
            tracing::info!(place = &*self.place, "the database is there again");
            self.pause = SHORTEST;
        }
        match work(&mut db) {
            Err(error) if db.batch_execute("SELECT 1").is_err() => Err(self.is_away(&error)),
            done => {
                self.db = Some(db);
                Ok(done?)
            }
        }
    }

    /// Says it once, and when it is to be tried again: later each time.
    fn is_away(&mut self, error: &dyn Error) -> Refusal {
        let error = StoreError::of(&self.place, error);
        if self.away.is_none() {
            tracing::warn!(%error, "the database is away: its runs wait, and go on when it is back");
        }
        self.next_try = Instant::now() + self.pause;
        self.pause = (self.pause * 2).min(LONGEST);
        Refusal::Away(self.away.insert(error.why().to_owned()).clone())
    }
}
