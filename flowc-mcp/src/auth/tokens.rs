//! The tokens for one server, each got once however many calls wait for it.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use flowc::{AnyError, Secret};
use futures_util::FutureExt;
use futures_util::future::Shared;
use tokio::task::{AbortHandle, JoinSet};

use super::OAuth;
use super::challenge::Bearer;
use super::endpoint::Endpoint;
use super::error::{AuthError, AuthErrorKind};
use super::flow::{Core, Need};
use super::guard::Guard;
use super::wire::Wire;
use crate::credentials::{BoxFuture, Challenge, Credentials};

/// The tokens for one server. Clones share them.
///
/// ```no_run
/// use flowc_mcp::auth::{Client, FileStore, OAuth};
/// use flowc_mcp::ServerConfig;
///
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let url = "https://calendar.example/mcp";
/// let tokens = OAuth::interactive(Client::new("Travel desk")).store(FileStore::at("tokens")).for_server(url);
/// tokens.sign_in().await?;
/// let calendar = ServerConfig::http(url).credentials(tokens.clone());
/// // .. and one day:
/// tokens.sign_out().await?;
/// # let _ = calendar;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Tokens(Arc<Shelf>);

struct Shelf {
    /// An address that cannot be used is told to who wants a token, not to who writes the address down.
    core: Result<Arc<Core>, AuthError>,
    flight: Mutex<Option<Flight>>,
}

/// Somebody is on the way to get a token. It is a task of its own: a call that is cancelled must not lose a token that was paid for
/// with the one that renews it, and a person is not asked twice.
#[derive(Clone)]
struct Flight {
    outcome: Shared<BoxFuture<'static, Result<bool, AuthError>>>,
    task: AbortHandle,
}

impl Tokens {
    pub(super) fn new(oauth: OAuth, url: &str) -> Self {
        let core = Endpoint::parse(url).and_then(|server| {
            if !server.is_secure() && !server.ip().map_or(server.host() == "localhost", |ip| ip.is_loopback()) {
                let reason = "whoever is on the way could read the tokens";
                return Err(AuthErrorKind::Address { url: url.to_owned(), reason }.into());
            }
            let wire = Wire::new(Guard::new(server.clone(), oauth.private), oauth.ca);
            let OAuth { client, how, scopes, store, unlisted_pkce, .. } = oauth;
            Ok(Arc::new(Core { client, how, scopes, store, unlisted_pkce, wire, server, state: Mutex::default() }))
        });
        Self(Arc::new(Shelf { core, flight: Mutex::new(None) }))
    }

    /// Makes sure that there is a token: one that is stored will do, else somebody has to sign in.
    ///
    /// Calls do this by themselves. It is for programs that want to have it over with while somebody is there.
    ///
    /// # Errors
    ///
    /// Where nobody signs in, or the authorization server does not give a token.
    pub async fn sign_in(&self) -> Result<(), AuthError> {
        if self.current().await?.is_none() {
            self.get(None, Need::Rejected(Bearer::default())).await?;
        }
        Ok(())
    }

    /// Forgets the tokens, here and where they are stored.
    ///
    /// # Errors
    ///
    /// Where what is stored cannot be removed.
    pub async fn sign_out(&self) -> Result<(), AuthError> {
        self.core()?.forget().await
    }

    fn core(&self) -> Result<&Arc<Core>, AuthError> {
        self.0.core.as_ref().map_err(Clone::clone)
    }

    /// A token that has not ended, if there is one.
    async fn current(&self) -> Result<Option<Secret<String>>, AuthError> {
        let core = self.core()?;
        self.get(None, Need::Load).await?;
        if let Some(grant) = core.grant().filter(|grant| grant.is_old() && core.can_renew()) {
            match self.get(grant.access.as_ref(), Need::Renew).await {
                Err(error) if grant.has_ended() => return Err(error),
                // It is still good for a while, and the next call tries again.
                Err(error) => tracing::debug!(%error, "a token could not be renewed yet"),
                Ok(_) => {}
            }
        }
        Ok(core.grant().filter(|grant| !grant.has_ended()).and_then(|grant| grant.access))
    }

    /// Gets what is needed, or waits for who is getting it.
    async fn get(&self, sent: Option<&Secret<String>>, need: Need) -> Result<bool, AuthError> {
        let core = self.core()?;
        loop {
            let (flight, ours) = {
                let mut slot = self.0.flight.lock().unwrap_or_else(PoisonError::into_inner);
                if core.has(&need, sent) {
                    return Ok(true);
                }
                match slot.as_ref().filter(|flight| !flight.task.is_finished()) {
                    Some(flight) => (flight.clone(), false),
                    None => (slot.insert(Flight::start(core, need.clone())).clone(), true),
                }
            };
            let outcome = flight.outcome.await;
            if ours || outcome.is_err() {
                return outcome;
            }
            // What somebody else got may be what we need; otherwise it is our turn.
        }
    }
}

impl Flight {
    fn start(core: &Arc<Core>, need: Need) -> Self {
        let (core, mut tasks) = (Arc::clone(core), JoinSet::new());
        let server = core.server.as_str().to_owned();
        let task = tasks.spawn(async move { core.get(need).await });
        let outcome: BoxFuture<'static, _> = Box::pin(async move {
            let ended = tasks.join_next().await.and_then(Result::ok);
            ended.unwrap_or_else(|| {
                Err(AuthErrorKind::NotSignedIn { reason: format!("the runtime that asked for `{server}` is gone") }
                    .into())
            })
        });
        Self { outcome: outcome.shared(), task }
    }
}

impl Credentials for Tokens {
    fn authorization(&self) -> BoxFuture<'_, Result<Option<Secret<String>>, AnyError>> {
        Box::pin(async move {
            let token = self.current().await.map_err(AnyError::new)?;
            Ok(token.map(|token| Secret::new(format!("Bearer {}", token.expose()))))
        })
    }

    fn refused<'a>(&'a self, challenge: &'a Challenge) -> BoxFuture<'a, Result<bool, AnyError>> {
        Box::pin(async move {
            let bearer = challenge.authenticate.as_deref().and_then(Bearer::read);
            let need = match (challenge.status, bearer) {
                (401, bearer) => Need::Rejected(bearer.unwrap_or_default()),
                (403, Some(bearer)) if bearer.wants_more_scope() => Need::Scope(bearer),
                _ => return Ok(false),
            };
            let sent = challenge.sent.as_ref().and_then(|sent| sent.expose().strip_prefix("Bearer "));
            let token = sent.map(|token| Secret::new(token.to_owned()));
            self.get(token.as_ref(), need).await.map_err(AnyError::new)
        })
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let server = self.0.core.as_ref().map(|core| core.server.as_str());
        f.debug_struct("Tokens").field("server", &server).finish_non_exhaustive()
    }
}
