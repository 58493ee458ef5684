//! Keeping a schedule.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::runtime::Handle;
use tokio::task::AbortHandle;
use tokio::time::sleep;

use super::present::Present;
use super::{DurableEngine, StartError, Started};
use crate::error::AnyError;
use crate::id::RunId;
use crate::journal::{JournalFuture, Journaled, Json, RunFilter, Storable, StorableInputs, StoredState};
use crate::options::Options;
use crate::prepared::Prepared;
use crate::run::Panicked;
use crate::schedule::{Overlap, Schedule, ScheduleError};
use crate::step::{ResourcesFrom, Workflow};
use crate::sync::{Mutex, lock};

/// Where the end of an earlier run is awaited, and where the journal fails: until the next try.
const PAUSE: Duration = Duration::from_millis(500);

/// So long at most is slept at a time: a clock that was set, or a machine that slept, is noticed then.
const NAP: Duration = Duration::from_secs(30);

/// A schedule that is kept until this is dropped: [`DurableEngine::schedule`]. Runs that it has begun then go on.
#[must_use = "it ends when this is dropped"]
pub struct Scheduled {
    task: AbortHandle,
    shown: Arc<Mutex<Shown>>,
    _name: Name,
}

#[derive(Debug, Default)]
struct Shown {
    next: Option<SystemTime>,
    failure: Option<String>,
}

impl Scheduled {
    /// The time that is awaited; `None` while a run of one that has come begins or awaits its turn.
    pub fn next(&self) -> Option<SystemTime> {
        lock(&self.shown).next
    }

    /// Why the last run that was due could not begin, if it could not: the journal cannot be written, say, and is being tried again.
    pub fn failure(&self) -> Option<String> {
        lock(&self.shown).failure.clone()
    }
}

/// A name that no other schedule of the engine has.
struct Name {
    present: Arc<Present>,
    name: String,
}

impl Name {
    fn take(present: &Arc<Present>, name: &str) -> Result<Self, ScheduleError> {
        if lock(&present.schedules).insert(name.to_owned()) {
            Ok(Self { present: Arc::clone(present), name: name.to_owned() })
        } else {
            Err(ScheduleError::Kept(name.to_owned()))
        }
    }
}

impl Drop for Name {
    fn drop(&mut self) {
        lock(&self.present.schedules).remove(&self.name);
    }
}

impl<R: Send + Sync + 'static> DurableEngine<R> {
    /// Begins a run of `W` at each time of a schedule, until the [`Scheduled`] is dropped. `make` is given the time, and the inputs may depend
    /// on it and on nothing else that changes.
    ///
    /// What has begun is known by the keys of the runs in the journal: so times that pass while no process is there are made up for as
    /// [`Schedule::backfill`] says, and of several processes that keep one schedule over one journal each time is taken by one. Runs that are
    /// still open after a crash go on as others do, by [`resume`](Self::resume) or [`keep_resuming`](Self::keep_resuming).
    ///
    /// # Errors
    /// The engine keeps a schedule of this name, or its runs are of another workflow: both are a [`ScheduleError`]. The journal cannot be
    /// read, or no tokio runtime is running here.
    ///
    /// ```no_run
    /// use std::time::SystemTime;
    ///
    /// use flowc::schedule::Schedule;
    /// use flowc::{DurableEngine, node, workflow};
    ///
    /// #[node]
    /// fn report(day: SystemTime) -> String {
    ///     format!("{day:?}")
    /// }
    ///
    /// workflow! {
    ///     fn daily(day: SystemTime) -> String { report(day) }
    /// }
    ///
    /// # async fn serve(engine: DurableEngine<()>) -> Result<(), Box<dyn std::error::Error>> {
    /// let every_day = Schedule::cron("daily report", "0 6 * * *", "America/New_York")?;
    /// let scheduled = engine.schedule(every_day, |time| daily(time)).await?;
    /// println!("the next run begins at {:?}", scheduled.next());
    /// # Ok(())
    /// # }
    /// ```
    pub fn schedule<W, O, F>(&self, schedule: Schedule, make: F) -> JournalFuture<'_, Scheduled>
    where
        W: Workflow + ResourcesFrom<R> + Journaled<Json>,
        W::Output: Storable<W, Json>,
        W::Input<'static>: StorableInputs<W, Json>,
        O: Options + Send + 'static,
        F: Fn(SystemTime) -> Prepared<'static, W, O> + Send + Sync + 'static,
    {
        // The future is not one of `W`: a workflow that cannot be stored is one error here, and none at each use of the future.
        let engine = self.clone();
        let start = move |key: String, at| -> JournalFuture<'static, (), StartError> {
            let engine = engine.clone();
            let made = catch_unwind(AssertUnwindSafe(|| make(at)));
            let made = made.map_err(|payload| {
                StartError::Inputs(format!("making them panicked: {}", Panicked::new(payload).message()))
            });
            let first = made.and_then(|workflow| engine.first_of_key(&key, workflow));
            Box::pin(async move {
                let (record, launch) = first?;
                if let Started::New(run) = engine.begin_once(record, launch).await? {
                    run.detach();
                }
                Ok(())
            })
        };
        Box::pin(self.keep(schedule, Box::new(start), W::GRAPH.name))
    }

    async fn keep(&self, schedule: Schedule, start: Start, wanted: &'static str) -> Result<Scheduled, AnyError> {
        let runtime = Handle::try_current().map_err(AnyError::new)?;
        let name = Name::take(&self.present, schedule.name()).map_err(AnyError::new)?;
        let now = SystemTime::now();
        let done = self.last_of(&schedule, wanted).await?.or(schedule.since).unwrap_or(now);
        let missed = schedule.due(done, now, schedule.backfill);
        let shown = Arc::new(Mutex::new(Shown::default()));
        let keeper = Keeper { engine: self.clone(), schedule, start, shown: Arc::clone(&shown) };
        let task = runtime.spawn(async move {
            for at in missed {
                keeper.begin(at).await;
            }
            keeper.keep(now).await;
        });
        Ok(Scheduled { task: task.abort_handle(), shown, _name: name })
    }

    /// Until when the times of a schedule have been seen to, by what is in the journal.
    async fn last_of(&self, schedule: &Schedule, wanted: &'static str) -> Result<Option<SystemTime>, AnyError> {
        let newest = RunFilter::new().start_key_prefix(schedule.prefix()).limit(1);
        let Some(run) = self.runs(newest).await?.pop() else { return Ok(None) };
        if run.workflow != wanted {
            let (name, workflow) = (schedule.name().to_owned(), run.workflow);
            return Err(AnyError::new(ScheduleError::Taken { name, workflow, wanted }));
        }
        let began = run.start_key.as_deref().and_then(|key| schedule.time(key));
        // The times that passed while it was open were left out.
        let skipped = match (schedule.overlap, run.state) {
            (Overlap::Skip, StoredState::Open) => Some(SystemTime::now()),
            (Overlap::Skip, _) => run.ended,
            _ => None,
        };
        Ok(began.max(skipped))
    }
}

/// Begins the run of this time by this key.
type Start = Box<dyn Fn(String, SystemTime) -> JournalFuture<'static, (), StartError> + Send + Sync>;

struct Keeper<R> {
    engine: DurableEngine<R>,
    schedule: Schedule,
    start: Start,
    shown: Arc<Mutex<Shown>>,
}

impl<R: Send + Sync + 'static> Keeper<R> {
    /// Begins what is due, from this time on.
    async fn keep(&self, mut done: SystemTime) {
        // What awaits its turn is not late. Else a machine that has slept begins with as much as one that was off, and with the time it woke for.
        let most = match self.schedule.overlap {
            Overlap::Buffer => usize::MAX,
            _ => self.schedule.backfill.max(1),
        };
        while let Some(next) = self.schedule.after(done).filter(|_| !self.engine.engine.is_shut_down()) {
            self.show(|shown| shown.next = Some(next));
            let now = self.wait(next).await;
            self.show(|shown| shown.next = None);
            for at in self.schedule.due(done, now, most) {
                self.begin(at).await;
            }
            done = now;
        }
    }

    /// Waits until it is this time, and says which it is then.
    async fn wait(&self, next: SystemTime) -> SystemTime {
        loop {
            let now = SystemTime::now();
            match next.duration_since(now) {
                Ok(left) if !left.is_zero() => sleep(left.min(NAP)).await,
                _ => return now,
            }
        }
    }

    /// Begins the run of this time, unless it need not be; tries until the journal takes it.
    async fn begin(&self, at: SystemTime) {
        while !self.engine.engine.is_shut_down() {
            match self.try_begin(at).await {
                Ok(true) => return,
                Ok(false) => {}
                Err(error) => self.end(Some(error.to_string())),
            }
            sleep(PAUSE).await;
        }
    }

    /// Whether this time has been seen to.
    async fn try_begin(&self, at: SystemTime) -> Result<bool, AnyError> {
        let Some(key) = self.schedule.key(at) else { return Ok(true) };
        match (self.schedule.overlap, self.open(&key).await?) {
            (Overlap::Allow, _) | (_, None) => {}
            (Overlap::Skip, Some(_)) => return Ok(true),
            (Overlap::Buffer, Some(_)) => return Ok(false),
            (Overlap::CancelOther, Some(run)) => {
                self.engine.cancel(run).await?;
                return Ok(false);
            }
        }
        let failure = match (self.start)(key, at).await {
            Ok(()) => None,
            Err(StartError::Journal(error)) => return Err(error),
            // Another try would fail as well.
            Err(error) => Some(error.to_string()),
        };
        self.end(failure);
        Ok(true)
    }

    /// An open run of an earlier time.
    async fn open(&self, key: &str) -> Result<Option<RunId>, AnyError> {
        if self.schedule.overlap == Overlap::Allow {
            return Ok(None);
        }
        let open = RunFilter::new().state(StoredState::Open).start_key_prefix(self.schedule.prefix()).limit(2);
        let runs = self.engine.runs(open).await?;
        // Another process may have begun this one.
        Ok(runs.iter().find(|run| run.start_key.as_deref() != Some(key)).map(|run| run.id))
    }

    /// How trying to begin has ended; what is new of it is logged.
    fn end(&self, failure: Option<String>) {
        self.show(|shown| {
            #[cfg(feature = "tracing")]
            if let Some(failure) = failure.as_deref().filter(|failure| shown.failure.as_deref() != Some(failure)) {
                tracing::warn!(target: "flowc", schedule = self.schedule.name(), failure, "a run of a schedule could not begin");
            }
            shown.failure = failure;
        });
    }

    fn show(&self, change: impl FnOnce(&mut Shown)) {
        change(&mut lock(&self.shown));
    }
}

impl Drop for Scheduled {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl fmt::Debug for Scheduled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = lock(&self.shown);
        f.debug_struct("Scheduled").field("next", &shown.next).field("failure", &shown.failure).finish_non_exhaustive()
    }
}
