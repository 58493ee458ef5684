//! What is done to get a token.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use flowc::Secret;
use tokio::time::Instant;

use super::browser::Browser;
use super::challenge::Bearer;
use super::client::{Client, Identity, Proof, Registration};
use super::discovery::{Found, discover, same_issuer};
use super::endpoint::Endpoint;
use super::error::{AuthError, AuthErrorKind};
use super::form::Form;
use super::grant::{Grant, Record, add};
use super::store::TokenStore;
use super::token;
use super::wire::Wire;

/// New tokens are asked for so often in [`WINDOW`]. Renewing one does not count.
const MOST: usize = 5;
const WINDOW: Duration = Duration::from_secs(60);

/// How a token is asked for.
#[derive(Debug, Clone)]
pub(super) enum How {
    /// A person signs in.
    Interactive { browser: Arc<dyn Browser>, port: Option<u16>, limit: Duration },
    /// We are let in ourselves.
    ClientCredentials,
}

/// Why a token is asked for.
#[derive(Debug, Clone)]
pub(super) enum Need {
    /// Nobody has looked yet whether there is one.
    Load,
    /// It ends soon.
    Renew,
    /// The server does not take what it got, or wants something.
    Rejected(Bearer),
    /// The server wants more scopes.
    Scope(Bearer),
}

/// All that is known of the tokens for one server.
#[derive(Debug)]
pub(super) struct Core {
    pub(super) client: Client,
    pub(super) how: How,
    pub(super) scopes: Option<Vec<String>>,
    pub(super) store: Arc<dyn TokenStore>,
    pub(super) unlisted_pkce: bool,
    pub(super) wire: Wire,
    pub(super) server: Endpoint,
    pub(super) state: Mutex<State>,
}

#[derive(Debug, Default)]
pub(super) struct State {
    loaded: bool,
    record: Option<Record>,
    found: Option<Arc<Found>>,
    asked: VecDeque<Instant>,
    /// What we have is newer than what is stored, as it could not be stored.
    unsaved: bool,
    /// How often a token was renewed because it was rejected, and since when.
    renewed: Option<(Instant, usize)>,
}

impl Core {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn grant(&self) -> Option<Grant> {
        self.state().record.as_ref()?.grant.clone()
    }

    /// Whether what is needed is there by now. `sent` is the token that was not good enough, if one was
    /// sent at all.
    pub(super) fn has(&self, need: &Need, sent: Option<&Secret<String>>) -> bool {
        let state = self.state();
        match need {
            Need::Load => state.loaded,
            Need::Renew | Need::Rejected(_) | Need::Scope(_) => {
                let grant = state.record.as_ref().and_then(|record| record.grant.as_ref());
                grant.is_some_and(|grant| match (sent, &grant.access) {
                    (Some(sent), Some(access)) => access.expose() != sent.expose(),
                    (None, Some(_)) => !grant.has_ended(),
                    (_, None) => false,
                })
            }
        }
    }

    /// Whether a token can be renewed without asking the server where.
    pub(super) fn can_renew(&self) -> bool {
        let state = self.state();
        let refresh = state.record.as_ref().and_then(|record| record.grant.as_ref()?.refresh.as_ref());
        state.found.is_some() && (refresh.is_some() || matches!(self.how, How::ClientCredentials))
    }

    /// Gets what is needed. `false` says that there is nothing that could be got.
    pub(super) async fn get(&self, need: Need) -> Result<bool, AuthError> {
        let before = self.grant();
        // Looking does no harm, and neither does a token that is kept nowhere.
        let alone = matches!(need, Need::Load) || matches!(self.how, How::ClientCredentials);
        let _turn = if alone { None } else { Some(self.store.lock(self.server.as_str()).await.map_err(store)?) };
        if self.reload().await? && self.grant().is_some_and(|grant| before.is_none_or(|before| differ(&grant, &before)))
        {
            // Another program has been faster.
            return Ok(true);
        }
        match need {
            Need::Load => Ok(true),
            Need::Renew => {
                let Some(found) = self.state().found.clone() else { return Ok(false) };
                if !self.renew(&found).await? {
                    self.again(&found, &Bearer::default()).await?;
                }
                Ok(true)
            }
            Need::Rejected(bearer) => {
                let found = self.discover(&bearer).await?;
                if !(self.may_renew() && self.renew(&found).await?) {
                    self.fresh(&found, &bearer).await?;
                }
                Ok(true)
            }
            Need::Scope(bearer) => {
                // Who does not say which scopes may have changed its mind about them since.
                let known = self.state().found.clone().filter(|_| bearer.scopes.is_some());
                let found = match known {
                    Some(found) => found,
                    None => self.discover(&bearer).await?,
                };
                let wanted = bearer.scopes.clone().or_else(|| found.scopes.clone()).unwrap_or_default();
                let has = self.grant().map(|grant| grant.scopes).unwrap_or_default();
                if wanted.iter().all(|scope| has.contains(scope)) {
                    // It was asked for before, and the answer would be the same.
                    return Ok(false);
                }
                self.fresh(&found, &bearer).await?;
                Ok(true)
            }
        }
    }

    /// Forgets all.
    pub(super) async fn forget(&self) -> Result<(), AuthError> {
        self.state().record = None;
        self.store.remove(self.server.as_str()).await.map_err(store)
    }

    /// Reads what is stored. Programs may share it.
    async fn reload(&self) -> Result<bool, AuthError> {
        let stored = matches!(self.how, How::Interactive { .. }) && !self.state().unsaved;
        let text = if stored { self.store.load(self.server.as_str()).await.map_err(store)? } else { None };
        let record = text.and_then(|text| serde_json::from_str::<Record>(text.expose()).ok());
        // A record that cannot be read is as good as none: the next one replaces it.
        let mut state = self.state();
        state.loaded = true;
        let read = record.is_some();
        if read {
            state.record = record;
        }
        Ok(read)
    }

    /// Finds out anew who gives tokens. What another authorization server gave is thrown away.
    async fn discover(&self, bearer: &Bearer) -> Result<Arc<Found>, AuthError> {
        let wanted = self.client.registered.as_ref().map(|registered| registered.issuer.as_str());
        let found = Arc::new(discover(&self.wire, &self.server, bearer, wanted).await?);
        let mut state = self.state();
        if state.record.as_ref().is_some_and(|record| !same_issuer(&record.issuer, &found.issuer)) {
            tracing::info!(
                server = self.server.as_str(),
                issuer = found.issuer,
                "another authorization server gives the tokens now"
            );
            state.record = None;
        }
        state.found = Some(Arc::clone(&found));
        Ok(found)
    }

    /// Gets a new token for the one that renews it. `false` says that this cannot be done.
    async fn renew(&self, found: &Found) -> Result<bool, AuthError> {
        let record = self.state().record.clone().filter(|record| same_issuer(&record.issuer, &found.issuer));
        let Some(mut record) = record else { return Ok(false) };
        let Some(before) = record.grant.take() else { return Ok(false) };
        let Some(refresh) = &before.refresh else { return Ok(false) };
        let Some(identity) = self.known(found, record.registration.as_ref()) else { return Ok(false) };
        let form = Form::default().with("grant_type", "refresh_token").secret("refresh_token", refresh);
        match token::fetch(&self.wire, found, &identity, form, &before.scopes, Some(&before)).await {
            Ok(grant) => {
                tracing::debug!(server = self.server.as_str(), issuer = found.issuer, "a token was renewed");
                self.keep(Record { grant: Some(grant), ..record }).await;
                Ok(true)
            }
            Err(error) => {
                if let AuthErrorKind::Refused { code, .. } = error.kind() {
                    tracing::debug!(
                        server = self.server.as_str(),
                        issuer = found.issuer,
                        code,
                        "a token cannot be renewed any more"
                    );
                    let registration = record.registration.take().filter(|_| code != "invalid_client");
                    self.keep(Record { registration, ..record }).await;
                    return Ok(false);
                }
                Err(error)
            }
        }
    }

    /// After a token could not be renewed: whoever needs no person gets a new one, a person is asked when the server asks.
    async fn again(&self, found: &Found, bearer: &Bearer) -> Result<(), AuthError> {
        match self.how {
            How::ClientCredentials => self.fresh(found, bearer).await,
            How::Interactive { .. } => Ok(()),
        }
    }

    /// Gets a token that does not depend on an earlier one.
    async fn fresh(&self, found: &Found, bearer: &Bearer) -> Result<(), AuthError> {
        self.count()?;
        let record = self.state().record.clone().filter(|record| same_issuer(&record.issuer, &found.issuer));
        let mut record =
            record.unwrap_or_else(|| Record { issuer: found.issuer.clone(), registration: None, grant: None });
        let scopes = self.wanted(found, bearer, record.grant.as_ref());
        tracing::debug!(
            server = self.server.as_str(),
            issuer = found.issuer,
            scopes = scopes.join(" "),
            "a token is asked for"
        );
        let grant = match &self.how {
            How::ClientCredentials => {
                let reason = "client credentials need a client that is registered";
                let unknown = || AuthErrorKind::UnknownClient { issuer: found.issuer.clone(), reason };
                let identity = self.known(found, None).ok_or_else(unknown)?;
                let form = scoped(Form::default().with("grant_type", "client_credentials"), &scopes);
                token::fetch(&self.wire, found, &identity, form, &scopes, None).await
            }
            How::Interactive { browser, port, limit } => {
                let known = record.registration.is_some();
                let asked = self.sign_in(found, &mut record, &scopes, browser.as_ref(), *port, *limit).await;
                if let Err(error) = &asked {
                    if known && forgotten(error) {
                        // It may not know us any more. The next time we register again.
                        (record.registration, record.grant) = (None, None);
                    }
                    self.keep(record.clone()).await;
                }
                asked
            }
        }?;
        record.grant = Some(grant);
        self.state().renewed = None;
        self.keep(record).await;
        Ok(())
    }

    /// Which scopes to ask for: what the server says that it needs now, or else all that it has; and what we had before.
    fn wanted(&self, found: &Found, bearer: &Bearer, before: Option<&Grant>) -> Vec<String> {
        let mut scopes = before.map(|grant| grant.scopes.clone()).unwrap_or_default();
        let needed = bearer.scopes.clone();
        match &self.scopes {
            Some(own) => add(&mut scopes, own.iter().cloned().chain(needed.unwrap_or_default())),
            None => add(&mut scopes, needed.or_else(|| found.scopes.clone()).unwrap_or_default()),
        }
        let offline = "offline_access";
        let offered = found
            .metadata
            .scopes_supported
            .as_deref()
            .is_some_and(|offered| offered.iter().any(|scope| scope == offline));
        // Without any scope the server gives its usual ones, and one alone would be in their place.
        if offered && !scopes.is_empty() && matches!(self.how, How::Interactive { .. }) {
            add(&mut scopes, [offline.to_owned()]);
        }
        scopes
    }

    /// Who we are to an authorization server, where nobody has to be asked.
    pub(super) fn known(&self, found: &Found, registration: Option<&Registration>) -> Option<Identity> {
        if let Some(registered) = &self.client.registered {
            return same_issuer(&registered.issuer, &found.issuer).then(|| registered.into());
        }
        let documents = found.metadata.client_id_metadata_document_supported;
        if let Some(url) = self.client.metadata.as_ref().filter(|_| documents) {
            return Some(Identity { id: url.clone(), proof: Proof::Nothing, method: None });
        }
        registration.map(Into::into)
    }

    /// Renewing helps against a token that has ended, and not against a server that refuses what it gets.
    fn may_renew(&self) -> bool {
        let (mut state, now) = (self.state(), Instant::now());
        let (since, often) =
            state.renewed.filter(|(since, _)| now.duration_since(*since) < WINDOW / 6).unwrap_or((now, 0));
        state.renewed = Some((since, often + 1));
        often < 2
    }

    /// Somebody who refuses every token is not asked for ever more of them.
    fn count(&self) -> Result<(), AuthError> {
        let (mut state, now) = (self.state(), Instant::now());
        while state.asked.front().is_some_and(|at| now.duration_since(*at) > WINDOW) {
            state.asked.pop_front();
        }
        if state.asked.len() >= MOST {
            return Err(AuthErrorKind::TooOften { server: self.server.as_str().to_owned() }.into());
        }
        state.asked.push_back(now);
        Ok(())
    }

    /// Keeps what was got, for us and for the next run.
    async fn keep(&self, record: Record) {
        let text = serde_json::to_string(&record).map(Secret::new);
        self.state().record = Some(record);
        if matches!(self.how, How::ClientCredentials) {
            return;
        }
        let saved = match text {
            Ok(text) => self.store.save(self.server.as_str(), &text).await,
            Err(error) => Err(flowc::AnyError::new(error)),
        };
        self.state().unsaved = saved.is_err();
        if let Err(error) = saved {
            // The token is good all the same.
            tracing::warn!(server = self.server.as_str(), %error, "a token could not be stored");
        }
    }
}

pub(super) fn scoped(form: Form, scopes: &[String]) -> Form {
    if scopes.is_empty() { form } else { form.with("scope", &scopes.join(" ")) }
}

fn differ(one: &Grant, other: &Grant) -> bool {
    one.access.as_ref().map(Secret::expose) != other.access.as_ref().map(Secret::expose)
}

/// Whether a registration may be the reason.
fn forgotten(error: &AuthError) -> bool {
    match error.kind() {
        AuthErrorKind::Refused { code, .. } => {
            matches!(code.as_str(), "invalid_client" | "unauthorized_client" | "invalid_scope")
        }
        AuthErrorKind::NotSignedIn { .. } => true,
        _ => false,
    }
}

fn store(error: flowc::AnyError) -> AuthError {
    let source = match error.into_inner().downcast::<std::io::Error>() {
        Ok(error) => *error,
        Err(error) => std::io::Error::other(error),
    };
    AuthErrorKind::Store { source }.into()
}
