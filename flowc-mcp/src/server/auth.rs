//! Who may call: the check of bearer tokens, and what tells clients where they get one.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use flowc::Secret;
use serde_json::{Value, json};

/// Who has been let in by a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    name: Arc<str>,
}

impl Caller {
    /// Somebody with a name, that of the account say. Each has a rate of its own.
    pub fn new(name: impl Into<Arc<str>>) -> Self {
        Self { name: name.into() }
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// Why a token does not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Rejected {
    /// It is not known, is for somebody else, or has expired.
    Invalid,
    /// It is good, but not for this.
    Scope,
}

type Verdict = Pin<Box<dyn Future<Output = Result<Caller, Rejected>> + Send>>;

/// Asks each request over HTTP and WebSocket for a bearer token, and tells a client without one where to get it, by protected-resource
/// metadata (RFC 9728).
///
/// ```
/// use flowc_mcp::server::{Auth, Caller, Rejected};
///
/// let auth = Auth::new("https://tools.example.com/mcp", |token| async move {
///     // .. ask the authorization server, or check the signature, the audience and the time of a JWT ..
///     if token.expose() == "a token of alice" { Ok(Caller::new("alice")) } else { Err(Rejected::Invalid) }
/// })
/// .authorization_server("https://login.example.com")
/// .scope("tools");
/// # let _ = auth;
/// ```
#[derive(Clone)]
pub struct Auth {
    pub(super) resource: String,
    servers: Vec<String>,
    scopes: Vec<String>,
    check: Arc<dyn Fn(Secret<String>) -> Verdict + Send + Sync>,
}

impl Auth {
    /// `resource` is the URL that clients call, which a token must be made for; `check` says who has a token.
    pub fn new<F>(resource: impl Into<String>, check: impl Fn(Secret<String>) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<Caller, Rejected>> + Send + 'static,
    {
        let check = Arc::new(move |token| Box::pin(check(token)) as Verdict);
        Self { resource: resource.into(), servers: Vec::new(), scopes: Vec::new(), check }
    }

    /// Tokens that are known beforehand, each with its owner: for a handful of programs that trust each other.
    ///
    /// ```
    /// use flowc::Secret;
    /// use flowc_mcp::server::Auth;
    ///
    /// # fn from_the_vault() -> String { "a long and random text".to_owned() }
    /// let auth = Auth::tokens("http://127.0.0.1:8080/mcp", [("alice", Secret::new(from_the_vault()))]);
    /// # let _ = auth;
    /// ```
    pub fn tokens<N: Into<Arc<str>>>(
        resource: impl Into<String>,
        tokens: impl IntoIterator<Item = (N, Secret<String>)>,
    ) -> Self {
        let known: Arc<[(Caller, Secret<String>)]> =
            tokens.into_iter().map(|(name, token)| (Caller::new(name), token)).collect();
        Self::new(resource, move |token| {
            let known = Arc::clone(&known);
            async move {
                // All are compared, so that the time says nothing of them.
                let mut found = None;
                for (caller, secret) in known.iter() {
                    if same(secret.expose(), token.expose()) {
                        found = Some(caller.clone());
                    }
                }
                found.ok_or(Rejected::Invalid)
            }
        })
    }

    /// Where tokens are given out.
    #[must_use]
    pub fn authorization_server(mut self, issuer: impl Into<String>) -> Self {
        self.servers.push(issuer.into());
        self
    }

    /// What a token has to allow.
    #[must_use]
    pub fn scope(mut self, scope: impl Into<String>) -> Self {
        self.scopes.push(scope.into());
        self
    }

    /// Who sends the header `Authorization`.
    pub(super) async fn who(&self, header: Option<&str>) -> Result<Caller, Refusal> {
        let token = header.and_then(|header| header.split_once(' '));
        let token = token.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).map(|(_, token)| token.trim());
        match token {
            None => Err(Refusal::Missing),
            Some(token) => (self.check)(Secret::new(token.to_owned())).await.map_err(|why| match why {
                Rejected::Invalid => Refusal::Invalid,
                Rejected::Scope => Refusal::Scope,
            }),
        }
    }

    /// The header `WWW-Authenticate` of a refusal.
    pub(super) fn challenge(&self, why: Refusal) -> String {
        let mut header = format!("Bearer resource_metadata=\"{}\"", self.metadata_url());
        if !self.scopes.is_empty() {
            header.extend([", scope=\"", self.scopes.join(" ").as_str(), "\""]);
        }
        match why {
            Refusal::Missing => {}
            Refusal::Invalid => header.push_str(", error=\"invalid_token\""),
            Refusal::Scope => header.push_str(", error=\"insufficient_scope\""),
        }
        header
    }

    /// The document that tells clients where they get a token.
    pub(super) fn metadata(&self, name: &str) -> Value {
        json!({
            "resource": self.resource,
            "resource_name": name,
            "authorization_servers": self.servers,
            "scopes_supported": self.scopes,
            "bearer_methods_supported": ["header"],
        })
    }

    /// The well-known path stands between the host and the path of the resource.
    fn metadata_url(&self) -> String {
        let start = self.resource.find("://").map_or(0, |scheme| scheme + 3);
        let (scheme, rest) = self.resource.split_at(start);
        let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        format!("{scheme}{host}{WELL_KNOWN}{}", path.trim_end_matches('/'))
    }
}

/// Where the document stands.
pub(super) const WELL_KNOWN: &str = "/.well-known/oauth-protected-resource";

/// Why a request is not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    Missing,
    Invalid,
    Scope,
}

/// Whether two texts are the same, in a time that depends on their lengths alone.
fn same(one: &str, other: &str) -> bool {
    let differ = one.bytes().zip(other.bytes()).fold(0, |differ, (a, b)| differ | (a ^ b));
    std::hint::black_box(differ) == 0 && one.len() == other.len()
}

impl fmt::Debug for Auth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Auth").field("resource", &self.resource).field("servers", &self.servers).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_metadata_stand_between_host_and_path() {
        for (resource, url) in [
            ("https://a.example/mcp", "https://a.example/.well-known/oauth-protected-resource/mcp"),
            ("https://a.example", "https://a.example/.well-known/oauth-protected-resource"),
            ("http://[::1]:8080/", "http://[::1]:8080/.well-known/oauth-protected-resource"),
        ] {
            let auth = Auth::tokens::<&str>(resource, []);
            assert_eq!(auth.metadata_url(), url);
        }
    }

    #[tokio::test]
    async fn a_token_is_compared_whole() {
        let auth = Auth::tokens("http://a", [("alice", Secret::new("abc".to_owned()))]).scope("tools");
        assert_eq!(auth.who(Some("Bearer abc")).await, Ok(Caller::new("alice")));
        assert_eq!(auth.who(Some("bearer ab")).await, Err(Refusal::Invalid));
        assert_eq!(auth.who(Some("Bearer abcd")).await, Err(Refusal::Invalid));
        assert_eq!(auth.who(Some("Basic abc")).await, Err(Refusal::Missing));
        assert_eq!(auth.who(None).await, Err(Refusal::Missing));
        let challenge = auth.challenge(Refusal::Invalid);
        assert!(challenge.ends_with(r#"scope="tools", error="invalid_token""#), "{challenge}");
    }
}
