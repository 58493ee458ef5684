//! What a node wants to be done if it does not come to its end.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::watch;

use crate::cancel::CancelToken;
use crate::run::Guarded;
use crate::sync::{Mutex, MutexGuard, lock};
use crate::timer;

/// What all runs of an engine share, or what a run by itself has: the clean-ups, how long each step may take for them and how many
/// there are.
pub(crate) struct Tally {
    /// That of the engine; those of its runs are its children.
    pub(crate) engine: Option<CancelToken>,
    pub(crate) limit: Duration,
    count: watch::Sender<usize>,
}

/// How long the clean-up of a step may take, if nobody said otherwise.
const LIMIT: Duration = Duration::from_secs(5);

impl Tally {
    pub(crate) fn new(engine: Option<CancelToken>, limit: Option<Duration>) -> Self {
        Self { engine, limit: limit.unwrap_or(LIMIT), count: watch::Sender::new(0) }
    }

    /// Waits until all are done, or until all that have begun must be. It says how many are left: those of blocking calls that
    /// have not come back yet.
    pub(crate) async fn wait(&self) -> usize {
        let mut count = self.count.subscribe();
        // A moment more, as a clean-up that uses all of its time ends when the limit does.
        let limit = self.limit.saturating_add(Duration::from_millis(50));
        within(limit, async { drop(count.wait_for(|count| *count == 0).await) }).await;
        *self.count.borrow()
    }
}

/// One clean-up that is counted until it is done, or not needed any more.
struct Counted(Arc<Tally>);

impl Counted {
    fn new(tally: &Arc<Tally>) -> Self {
        tally.count.send_modify(|count| *count += 1);
        Self(Arc::clone(tally))
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.count.send_modify(|count| *count = count.saturating_sub(1));
    }
}

type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

struct Cleanup {
    work: Work,
    /// Where it was registered: what drops the node may do so outside of any runtime.
    runtime: Option<Handle>,
    counted: Option<Counted>,
}

/// The clean-ups of one call of a node.
pub(crate) struct Cleanups {
    state: Mutex<State>,
    tally: Option<Arc<Tally>>,
}

enum State {
    /// The node is at work.
    Open(Vec<Cleanup>),
    /// It came to its end: nothing is to be cleaned up.
    Finished,
    /// It did not: what is registered from now on, by a clone of the context, begins at once.
    Over,
}

impl Cleanups {
    pub(crate) fn new(tally: Option<Arc<Tally>>) -> Self {
        Self { state: Mutex::new(State::Open(Vec::new())), tally }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    pub(crate) fn add(&self, work: impl Future<Output = ()> + Send + 'static) {
        let counted = self.tally.as_ref().map(Counted::new);
        let cleanup = Cleanup { work: Box::pin(work), runtime: Handle::try_current().ok(), counted };
        let mut state = self.state();
        match &mut *state {
            State::Open(list) => list.push(cleanup),
            State::Finished => {
                // Dropped after the lock is let go, as it is the user's.
                drop(state);
                drop(cleanup);
            }
            State::Over => {
                drop(state);
                self.begin(vec![cleanup]);
            }
        }
    }

    /// The node came to its end.
    pub(crate) fn forget(&self) {
        let before = self.end(State::Finished);
        drop(before);
    }

    /// The node is over. Unless it came to its end, its clean-ups begin.
    pub(crate) fn run(&self) {
        let list = self.end(State::Over);
        if !list.is_empty() {
            self.begin(list);
        }
    }

    fn end(&self, how: State) -> Vec<Cleanup> {
        let mut state = self.state();
        match &mut *state {
            State::Open(list) => {
                let list = std::mem::take(list);
                *state = how;
                list
            }
            State::Finished | State::Over => Vec::new(),
        }
    }

    /// Spawns a task that does them one by one, the last first, as destructors would.
    fn begin(&self, list: Vec<Cleanup>) {
        let here = Handle::try_current().ok();
        let Some(runtime) = here.or_else(|| list.iter().find_map(|cleanup| cleanup.runtime.clone())) else { return };
        let limit = self.tally.as_ref().map_or(LIMIT, |tally| tally.limit);
        runtime.spawn(async move {
            // Counted until the task ends, however it does.
            let (works, _counted): (Vec<_>, Vec<_>) = list.into_iter().map(|it| (it.work, it.counted)).unzip();
            within(limit, async move {
                for work in works.into_iter().rev() {
                    // One that panics does not keep the others from their work.
                    drop(Guarded::new(work).await);
                }
            })
            .await;
        });
    }
}

/// Runs `work`, but not longer than `limit`. Where there is no timer the limit cannot be told.
pub(crate) async fn within(limit: Duration, work: impl Future<Output = ()>) {
    let (mut work, timer) = (pin!(work), timer::sleep(limit).ok());
    let mut timer = pin!(timer);
    poll_fn(|cx| {
        if work.as_mut().poll(cx).is_ready() {
            return Poll::Ready(());
        }
        timer.as_mut().as_pin_mut().map_or(Poll::Pending, |timer| timer.poll(cx))
    })
    .await;
}

impl fmt::Debug for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tally").field("count", &*self.count.borrow()).finish_non_exhaustive()
    }
}
