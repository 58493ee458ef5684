//! Runs in a PostgreSQL database, which several processes share.

mod batch;
mod connection;
mod lease;
mod link;
mod place;

use std::collections::HashSet;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use flowc::journal::{Begun, Cancelled, Listener};
use flowc::{RunId, Secret};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::sync::oneshot;
use tokio::time::Instant;
use tokio_postgres::Config;
use tokio_postgres::config::SslMode;

use crate::request::{Answer, Change, Command, Query, Refusal, Reply};
use crate::writer::{Base, Next, serve};
use crate::{Store, StoreError};
use batch::{Batch, Graphs, Written};
use connection::Db;
use link::{Link, Woken};

#[path = "../queries/mod.rs"]
mod queries;

/// A PostgreSQL database of runs, before it is connected to.
///
/// ```no_run
/// use std::time::Duration;
/// use flowc_store::Postgres;
///
/// # async fn connect() -> Result<(), flowc_store::StoreError> {
/// let store = Postgres::new("postgres://flowc:secret@db.example/flowc")
///     .name("worker 3")
///     .lease(Duration::from_secs(30))
///     .connect()
///     .await?;
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing happens before `.connect()`"]
pub struct Postgres {
    url: Secret<String>,
    name: String,
    lease: Duration,
}

impl Postgres {
    /// The database that a URL names, as in `postgres://user:password@host:5432/database`; `host=.. user=..` will do as well. The URL is
    /// never shown with its password.
    pub fn new(url: impl Into<Secret<String>>) -> Self {
        Self { url: url.into(), name: format!("process {}", std::process::id()), lease: Duration::from_secs(10) }
    }

    /// What this process is called in the table `owners`, for people; the number of the process if not said.
    pub fn name(self, name: impl Into<String>) -> Self {
        Self { name: name.into(), ..self }
    }

    /// How long it takes at most until other processes go on with the runs of one that has died: 10 seconds if not said, and never less
    /// than one.
    ///
    /// A process that stands still for longer, or cannot reach the database while others do, has lost its runs when it comes back: they end
    /// there with [`FailureKind::TakenOver`](flowc::FailureKind::TakenOver), and nothing that they still do is stored. All times are those of
    /// the database, so the clocks of the machines need not agree.
    pub fn lease(self, lease: Duration) -> Self {
        Self { lease: lease.max(Duration::from_secs(1)), ..self }
    }

    /// Connects, and makes the tables in the schema `flowc` if they are not there.
    ///
    /// # Errors
    /// The URL cannot be read, no server answers, it refuses the user or the database, the user may not make the tables, or a newer version of
    /// this crate has made them.
    pub async fn connect(self) -> Result<Store, StoreError> {
        let failed = |place: &str, error: &dyn std::error::Error| StoreError::of(place, error);
        let config = Config::from_str(self.url.expose());
        let config = config.map_err(|error| failed("the database of runs at the URL that was given", &error))?;
        let place: Arc<str> = place::of(&config).into();
        if config.get_ssl_mode() == SslMode::Require {
            return Err(StoreError::no_tls(&place));
        }
        let (commands, receiver) = unbounded_channel();
        let (tell, told) = oneshot::channel();
        let (here, lease, name) = (Arc::clone(&place), self.lease, self.name);
        let thread = thread::Builder::new().name("flowc-store".to_owned());
        let serving = move || match Server::new(config, &here, lease, name) {
            Ok(server) => match tell.send(Ok(())) {
                Ok(()) => serve(server, receiver),
                // Nobody waits for it any more.
                Err(_) => server.close(),
            },
            Err(error) => drop(tell.send(Err(error))),
        };
        thread.spawn(serving).map_err(|error| failed(&place, &error))?;
        match told.await {
            Ok(Ok(())) => Ok(Store { commands, place }),
            Ok(Err(error)) => Err(error),
            Err(_) => Err(StoreError::gone(&place)),
        }
    }
}

impl fmt::Debug for Postgres {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Postgres").field("name", &self.name).field("lease", &self.lease).finish_non_exhaustive()
    }
}

/// What the thread has: the connection, and the runs that are ours as long as the row of our number is there.
struct Server {
    link: Link,
    lease: Duration,
    name: String,
    owner: i64,
    mine: HashSet<RunId>,
    graphs: Graphs,
    listener: Option<Arc<dyn Listener>>,
    /// When the lease is to be renewed.
    renew: Instant,
}

impl Server {
    fn new(config: Config, place: &Arc<str>, lease: Duration, name: String) -> Result<Self, StoreError> {
        let mut link = Link::open(config, Arc::clone(place), lease)?;
        let owner = match link.ask(|db| lease::enter(db, &name, lease)) {
            Ok(owner) => owner,
            Err(refusal) => return Err(StoreError::refused(place, &refusal)),
        };
        let renew = Instant::now() + lease / 4;
        Ok(Self { link, lease, name, owner, mine: HashSet::new(), graphs: Graphs::new(), listener: None, renew })
    }

    /// Keeps the lease, takes those of the dead, and hears what others have done.
    fn renew(&mut self) {
        self.renew = Instant::now() + self.lease / 4;
        let (owner, lease) = (self.owner, self.lease);
        let is_there = match self.link.once(|db| lease::renew(db, owner, lease)) {
            Some(true) => true,
            Some(false) => self.lost().is_ok(),
            None => false,
        };
        if !is_there {
            // The next time will tell.
            return;
        }
        self.link.once(|db| lease::reap(db, owner));
        self.hear();
        self.left();
    }

    /// Our row is gone: who deleted it has given our runs to others. We are somebody else from now on.
    fn lost(&mut self) -> Answer<()> {
        let lost: Vec<RunId> = self.mine.drain().collect();
        tracing::warn!(
            place = &*self.link.place,
            runs = lost.len(),
            "the lease was not renewed in time, so other processes go on with the runs that were here"
        );
        if let Some(listener) = &self.listener {
            listener.lost(&lost);
        }
        let (name, lease) = (self.name.clone(), self.lease);
        self.owner = self.link.ask(|db| lease::enter(db, &name, lease))?;
        Ok(())
    }

    /// Tells the engine what has come for its runs.
    fn hear(&mut self) {
        let owner = self.owner;
        let Some(heard) = self.link.once(|db| lease::hear(db, owner)) else { return };
        let Some(listener) = &self.listener else { return };
        let mut cancelled = Vec::new();
        for (run, news) in heard {
            news.signals.into_iter().for_each(|signal| listener.signal(run, signal));
            if news.cancel && !listener.cancel(run) {
                cancelled.push(run);
            }
        }
        // Those that are ours and do not run, as their journal failed, say, will not any more.
        for run in cancelled {
            self.mine.remove(&run);
            self.link.once(|db| lease::end(db, owner, run));
        }
    }

    fn left(&self) {
        if let Some(listener) = &self.listener {
            listener.left();
        }
    }

    fn noted(&mut self, changes: &[&Change], replies: Vec<Reply>) -> Vec<Reply> {
        changes.iter().zip(&replies).for_each(|(change, reply)| self.note(change, reply));
        replies
    }

    /// Keeps in mind the numbers of graphs that were stored.
    fn know_graphs(&mut self, changes: &[&Change]) {
        for change in changes {
            if let Change::Begin(run) = change
                && !self.graphs.contains_key(&run.graph)
                && let Some(Some(graph)) = self.link.once(|db| queries::graph(db, &run.graph))
            {
                self.graphs.insert(run.graph.clone(), graph);
            }
        }
    }

    /// Keeps in mind which runs are ours.
    fn note(&mut self, change: &Change, reply: &Reply) {
        match (change, reply) {
            (Change::Begin(run), Reply::Begun(Begun::Stored)) => drop(self.mine.insert(run.id)),
            (Change::Claim(..), Reply::Records(runs)) => self.mine.extend(runs.iter().map(|run| run.id)),
            (Change::End(run, _), _) | (Change::Cancel(run), Reply::Cancelled(Cancelled::Done)) => {
                self.mine.remove(run);
            }
            _ => {}
        }
    }
}

impl Base for Server {
    fn next(&mut self, commands: &mut UnboundedReceiver<Command>, is_to_try: bool) -> Next {
        loop {
            if Instant::now() >= self.renew {
                self.renew();
            }
            let until = if is_to_try { self.renew.min(self.link.next_try()) } else { self.renew };
            match self.link.woken(commands, until) {
                Woken::Command(command) => return Next::Command(command),
                Woken::Closed => return Next::Close,
                Woken::Time if is_to_try => return Next::Try,
                Woken::News(of) if of == lease::LEFT => self.left(),
                Woken::News(of) if of == self.owner.to_string() => self.hear(),
                // Such news is for somebody else.
                Woken::Time | Woken::News(_) => {}
            }
        }
    }

    fn change(&mut self, changes: &[&Change]) -> Answer<Vec<Reply>> {
        loop {
            let is_lost = |run| !self.mine.contains(&run);
            if changes.iter().filter_map(|change| change.of_owner()).any(is_lost) {
                return Err(Refusal::TakenOver);
            }
            if let Some(batch) = Batch::of(self.owner, changes, &self.graphs) {
                match self.link.ask(|db| batch.write(db, changes)) {
                    Ok(Written::All(replies)) => return Ok(self.noted(changes, replies)),
                    Ok(Written::OwnerGone) => {
                        self.lost()?;
                        continue;
                    }
                    Err(Refusal::Away(why)) => return Err(Refusal::Away(why)),
                    // One by one it is clear what is wrong, and what was written is not written again.
                    Ok(Written::NotAll) | Err(_) => self.graphs.clear(),
                }
            }
            let owner = self.owner;
            match self.link.ask(|db| {
                lease::guarded(db, owner, |db| changes.iter().map(|change| lease::change(db, owner, change)).collect())
            })? {
                Some(replies) => {
                    self.know_graphs(changes);
                    return Ok(self.noted(changes, replies));
                }
                None => self.lost()?,
            }
        }
    }

    fn query(&mut self, query: &Query) -> Answer {
        self.link.ask(|db| queries::query(db, query))
    }

    fn listen(&mut self, listener: Arc<dyn Listener>) {
        self.listener = Some(listener);
    }

    fn close(mut self) {
        let owner = self.owner;
        // If it is away, the lease will end.
        self.link.once(|db| lease::leave(db, owner));
    }
}
