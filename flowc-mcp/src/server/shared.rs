//! What all connections of a server share.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use flowc::CancelToken;
use flowc::policy::{Bulkhead, BulkheadPermit, RateLimiter, Refused};
use rmcp::RoleServer;
use rmcp::service::RequestContext;
use rmcp::task_manager::TaskManager;

use super::auth::{Auth, Caller};
use super::card::ServerCard;
use super::parked::Parked;
use super::person::Person;
use super::settings::Limits;
use super::tool::Served;

/// A server, once nothing of it changes any more.
pub(super) struct Shared {
    pub(super) parts: Parts,
    pub(super) parked: Parked,
    pub(super) tasks: TaskManager,
    /// Cancels all runs of the server.
    pub(super) stop: CancelToken,
    calls: Bulkhead,
    rate: Option<RateLimiter>,
    next: AtomicU64,
    id: uuid::Uuid,
}

/// Held for as long as a call is under way.
pub(super) type Permit = BulkheadPermit;

/// What a server is made of.
pub(super) struct Parts {
    pub(super) name: String,
    pub(super) version: String,
    pub(super) instructions: Option<String>,
    pub(super) tools: BTreeMap<String, Served>,
    pub(super) person: Option<Person>,
    pub(super) limits: Limits,
    pub(super) auth: Option<Auth>,
    pub(super) card: Option<ServerCard>,
    pub(super) origins: Vec<String>,
    pub(super) hosts: Vec<String>,
}

impl Shared {
    pub(super) fn new(parts: Parts) -> Self {
        Self {
            parked: Parked::new(parts.limits.answer_within),
            tasks: TaskManager::new(),
            stop: CancelToken::new(),
            calls: Bulkhead::new(parts.name.as_str(), &parts.limits.calls),
            rate: parts.limits.rate.as_ref().map(|policy| RateLimiter::new(parts.name.as_str(), policy)),
            next: AtomicU64::new(0),
            id: uuid::Uuid::new_v4(),
            parts,
        }
    }

    /// Lets a call in, or says why not.
    pub(super) async fn admit(
        &self,
        caller: Option<&Caller>,
        context: &RequestContext<RoleServer>,
    ) -> Result<Permit, Refused> {
        if let Some(rate) = &self.rate {
            rate.acquire(who(caller, context)).await?;
        }
        self.calls.acquire().await
    }

    /// A name that no other call has, in this server or another.
    pub(super) fn next_call(&self) -> String {
        format!("mcp-{}-{}", self.id, self.next.fetch_add(1, Ordering::Relaxed))
    }

    /// The name of a question, made one that was not asked before.
    pub(super) fn unique(&self, key: &str) -> String {
        format!("{key}-{}", self.next.fetch_add(1, Ordering::Relaxed))
    }

    /// How many calls are under way.
    pub(super) fn under_way(&self) -> usize {
        self.calls.in_use()
    }

    /// Cancels all runs, those that wait for somebody included.
    pub(super) fn cancel(&self) {
        self.stop.cancel();
        self.parked.clear();
    }
}

/// Whose rate a call is counted for.
fn who<'c>(caller: Option<&'c Caller>, context: &'c RequestContext<RoleServer>) -> &'c str {
    let request = || context.extensions.get::<http::request::Parts>()?.extensions.get::<Caller>();
    caller.or_else(request).map_or("", Caller::name)
}
