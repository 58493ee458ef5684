//! The connections of one server: opened when they are needed, opened again when they broke, and no more of them than it may have.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::AbortHandle;
use tokio::time::Instant;

use crate::ProtocolVersion;
use crate::client::{ServerInfo, ServerState};
use crate::config::{PoolSize, ServerConfig, Way};
use crate::error::{McpError, McpErrorKind};
use crate::link::{Asked, Link};

pub(crate) use backoff::exponential;

mod backoff;

/// A process that is more than the least there should be is ended after so long without work.
const UNUSED: Duration = Duration::from_secs(60);

pub(crate) struct Pool {
    config: ServerConfig,
    asked: Asked,
    size: PoolSize,
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    slots: Vec<Slot>,
    /// So many connections failed one after the other.
    failures: u32,
    /// Nothing is tried before.
    not_before: Option<Instant>,
    last_error: Option<McpError>,
    /// What was agreed on the last time.
    version: Option<ProtocolVersion>,
    info: Option<ServerInfo>,
    closed: bool,
    next: u64,
}

struct Slot {
    number: u64,
    state: SlotState,
}

enum SlotState {
    Opening(watch::Receiver<Outcome>, AbortHandle),
    Open(Arc<Link>),
}

/// Nothing, as long as it is not known.
type Outcome = Option<Result<Arc<Link>, McpError>>;

impl Pool {
    pub(crate) fn new(config: ServerConfig, asked: Asked) -> Arc<Self> {
        // One HTTP client serves any number of calls: its connections are a pool already.
        let size = if let Way::Http(_) = config.way { PoolSize::new(1, 1) } else { config.settings.pool };
        Arc::new(Self { config, asked, size, inner: Mutex::default() })
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A connection for a call: an idle one, else a new one if there is room, else the one with the least to do.
    pub(crate) async fn acquire(self: &Arc<Self>) -> Result<Arc<Link>, McpError> {
        let mut waiting = {
            let mut inner = self.inner();
            if inner.closed {
                return Err(McpError::new(&self.asked.server, McpErrorKind::Removed));
            }
            inner.prune();
            let idle = inner.open().find(|link| link.in_flight() == 0).cloned();
            let wanted = self.size.min.saturating_sub(inner.slots.len()).max(usize::from(idle.is_none()));
            if let (Some(error), true) = (&inner.last_error, inner.open().next().is_none()) {
                // It would not help to wait: it is wrong in itself.
                if error.is_final() && inner.not_before.is_some_and(|until| until > Instant::now()) {
                    return Err(error.clone());
                }
            }
            for _ in 0..wanted.min(self.size.max.saturating_sub(inner.slots.len())) {
                self.begin(&mut inner);
            }
            if let Some(link) = idle {
                return Ok(link);
            }
            let full = inner.slots.len() >= self.size.max && wanted_is_met(&inner, self.size.max);
            if let Some(link) = inner.least_busy().filter(|_| full) {
                return Ok(link);
            }
            // The one that was begun last is the one for this call.
            let opening = inner.slots.iter().rev().find_map(|slot| match &slot.state {
                SlotState::Opening(outcome, _) => Some(outcome.clone()),
                SlotState::Open(_) => None,
            });
            match (opening, inner.least_busy()) {
                (Some(opening), _) => opening,
                (None, Some(link)) => return Ok(link),
                (None, None) => return Err(McpError::new(&self.asked.server, McpErrorKind::Removed)),
            }
        };
        let outcome = waiting.wait_for(Option::is_some).await.map(|outcome| outcome.clone());
        match outcome {
            Ok(Some(Ok(link))) => Ok(link),
            Ok(Some(Err(error))) => self.inner().least_busy().ok_or(error),
            // The task that opened it was cancelled: the pool is closed.
            Ok(None) | Err(_) => Err(McpError::new(&self.asked.server, McpErrorKind::Removed)),
        }
    }

    /// Begins to open one more connection. It goes on whether or not somebody waits: a server that takes long to start would else never
    /// come up.
    fn begin(self: &Arc<Self>, inner: &mut Inner) {
        let (tell, outcome) = watch::channel(None);
        let number = inner.next;
        inner.next += 1;
        let (pool, config, asked) = (Arc::downgrade(self), self.config.clone(), self.asked.clone());
        let (not_before, version) = (inner.not_before, inner.version);
        let spare = self.size.max > self.size.min;
        let task = tokio::spawn(async move {
            if let Some(moment) = not_before {
                tokio::time::sleep_until(moment).await;
            }
            let opened = Link::open(&config, version, &asked).await.map(Arc::new);
            if let Some(pool) = pool.upgrade() {
                pool.opened(number, &opened);
            }
            let link = opened.as_ref().ok().filter(|_| spare).map(Arc::downgrade);
            tell.send_replace(Some(opened));
            if let Some(link) = link {
                retire(pool, link).await;
            }
        });
        inner.slots.push(Slot { number, state: SlotState::Opening(outcome, task.abort_handle()) });
    }

    fn opened(&self, number: u64, opened: &Result<Arc<Link>, McpError>) {
        let mut inner = self.inner();
        match opened {
            Ok(link) => {
                inner.version = Some(link.version());
                inner.info = Some(link.info().clone());
                inner.last_error = None;
                if let Some(slot) = inner.slots.iter_mut().find(|slot| slot.number == number) {
                    slot.state = SlotState::Open(Arc::clone(link));
                }
            }
            Err(error) => {
                tracing::warn!(server = &*self.asked.server, %error, "no connection");
                inner.slots.retain(|slot| slot.number != number);
                inner.failed();
                inner.last_error = Some(error.clone());
            }
        }
    }

    /// A call came to its end: the server is well.
    pub(crate) fn works(&self) {
        let mut inner = self.inner();
        if inner.failures > 0 {
            (inner.failures, inner.not_before) = (0, None);
        }
    }

    /// How it stands.
    pub(crate) fn look(&self) -> Look {
        let mut inner = self.inner();
        inner.prune();
        let (connections, in_flight) = (inner.open().count(), inner.open().map(|link| link.in_flight()).sum());
        let state = if inner.closed {
            ServerState::Closed
        } else if connections > 0 {
            ServerState::Ready
        } else if !inner.slots.is_empty() {
            ServerState::Connecting
        } else if inner.last_error.is_some() {
            ServerState::Failed
        } else {
            ServerState::Idle
        };
        Look { state, connections, in_flight, info: inner.info.clone(), last_error: inner.last_error.clone() }
    }

    /// Ends all of them, and waits until nothing is left.
    pub(crate) async fn close(&self) {
        let slots = {
            let mut inner = self.inner();
            inner.closed = true;
            std::mem::take(&mut inner.slots)
        };
        let mut closing = tokio::task::JoinSet::new();
        for slot in slots {
            match slot.state {
                SlotState::Opening(_, task) => task.abort(),
                SlotState::Open(link) => {
                    closing.spawn(async move { link.close().await });
                }
            }
        }
        closing.join_all().await;
    }
}

/// Whether all that may be are open, so that nothing better comes.
fn wanted_is_met(inner: &Inner, max: usize) -> bool {
    inner.open().count() >= max
}

impl Drop for Pool {
    fn drop(&mut self) {
        for slot in &self.inner().slots {
            if let SlotState::Opening(_, task) = &slot.state {
                task.abort();
            }
        }
    }
}

/// What is seen of a pool.
pub(crate) struct Look {
    pub(crate) state: ServerState,
    pub(crate) connections: usize,
    pub(crate) in_flight: usize,
    pub(crate) info: Option<ServerInfo>,
    pub(crate) last_error: Option<McpError>,
}

impl Inner {
    fn open(&self) -> impl Iterator<Item = &Arc<Link>> {
        self.slots.iter().filter_map(|slot| match &slot.state {
            SlotState::Open(link) if !link.is_closed() => Some(link),
            _ => None,
        })
    }

    fn least_busy(&self) -> Option<Arc<Link>> {
        self.open().min_by_key(|link| link.in_flight()).cloned()
    }

    /// Forgets those that broke. Each of them counts as a failure until a call succeeds: a server that dies of every call is not started
    /// anew without a pause.
    fn prune(&mut self) {
        let before = self.slots.len();
        self.slots.retain(|slot| !matches!(&slot.state, SlotState::Open(link) if link.is_closed()));
        if self.slots.len() < before {
            self.failed();
        }
    }

    fn failed(&mut self) {
        self.failures = self.failures.saturating_add(1);
        self.not_before = Some(Instant::now() + backoff::wait(self.failures));
    }
}

/// Ends a connection that is one too many when it has had nothing to do for a while.
async fn retire(pool: Weak<Pool>, link: Weak<Link>) {
    let mut idle_since = Instant::now();
    loop {
        tokio::time::sleep(UNUSED / 4).await;
        let (Some(pool), Some(link)) = (pool.upgrade(), link.upgrade()) else { return };
        if link.is_closed() {
            return;
        }
        if link.in_flight() > 0 {
            idle_since = Instant::now();
        }
        if idle_since.elapsed() < UNUSED {
            continue;
        }
        let taken = {
            let mut inner = pool.inner();
            let spare = inner.open().count() > pool.size.min && link.in_flight() == 0;
            if spare {
                inner.slots.retain(|slot| !matches!(&slot.state, SlotState::Open(open) if Arc::ptr_eq(open, &link)));
            }
            spare
        };
        if taken {
            link.close().await;
            return;
        }
    }
}
