//! What can go wrong on the way to a token.

use std::error::Error;
use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use flowc::policy::Retryable;

/// Why there is no token.
///
/// No error holds a token, a code or a key: what an authorization server says is searched for them first.
///
/// ```
/// use flowc_mcp::auth::{AuthError, AuthErrorKind};
///
/// fn worth_asking_again(error: &AuthError) -> bool {
///     matches!(error.kind(), AuthErrorKind::NotSignedIn { .. })
/// }
/// # let _ = worth_asking_again;
/// ```
#[derive(Clone)]
pub struct AuthError(Arc<AuthErrorKind>);

/// The kinds of an [`AuthError`].
#[derive(Debug)]
#[non_exhaustive]
pub enum AuthErrorKind {
    /// This is no address that tokens and keys may be sent to.
    Address {
        /// The address.
        url: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The address was found in what somebody else published, and leads to where it must not lead.
    Forbidden {
        /// The address.
        url: String,
        /// Why it is not called.
        reason: &'static str,
    },
    /// It cannot be reached.
    Connect {
        /// The address.
        url: String,
        /// Why.
        source: io::Error,
    },
    /// It did not answer in time.
    Timeout {
        /// The address.
        url: String,
        /// How long we waited.
        limit: Duration,
    },
    /// It answered with what cannot be used.
    Answer {
        /// The address.
        url: String,
        /// What is wrong with the answer.
        reason: String,
    },
    /// The server names no authorization server.
    NoAuthorizationServer {
        /// The address of the server.
        server: String,
    },
    /// The metadata of a server is meant for another one.
    Resource {
        /// The address of the server.
        server: String,
        /// What the metadata is about.
        resource: String,
    },
    /// It is not the authorization server that it should be.
    Issuer {
        /// Who it should be.
        expected: String,
        /// Who it says it is.
        found: Option<String>,
    },
    /// The authorization server does not say that it knows PKCE with S256.
    NoPkce {
        /// The authorization server.
        issuer: String,
    },
    /// The authorization server does not know us, and there is no way to get known.
    UnknownClient {
        /// The authorization server.
        issuer: String,
        /// Why.
        reason: &'static str,
    },
    /// The authorization server refused.
    Refused {
        /// The authorization server.
        issuer: String,
        /// The code of the error, such as `invalid_grant`.
        code: String,
        /// What it says, without anything secret.
        description: String,
    },
    /// Nobody signed in.
    NotSignedIn {
        /// Why not.
        reason: String,
    },
    /// Tokens were asked for too often.
    TooOften {
        /// The address of the server.
        server: String,
    },
    /// The tokens cannot be stored or read.
    Store {
        /// Why.
        source: io::Error,
    },
    /// The private key cannot be used.
    Key {
        /// Why.
        reason: &'static str,
    },
}

impl AuthError {
    /// What happened.
    pub fn kind(&self) -> &AuthErrorKind {
        &self.0
    }

    /// What to do about it, where that is known.
    ///
    /// ```
    /// # fn show(error: flowc_mcp::auth::AuthError) {
    /// eprintln!("{error}");
    /// if let Some(help) = error.help() {
    ///     eprintln!("help: {help}");
    /// }
    /// # }
    /// ```
    pub fn help(&self) -> Option<&'static str> {
        use AuthErrorKind as Kind;
        Some(match self.kind() {
            Kind::Address { .. } => "tokens travel over `https` only, or over `http` to this machine",
            Kind::Forbidden { .. } => {
                "if the authorization server is in a private network on purpose, say so with `allow_private_addresses`"
            }
            Kind::NoPkce { .. } => "if it is known to check PKCE all the same, say so with `accept_unlisted_pkce`",
            Kind::UnknownClient { .. } => "register with it, and give what it gave you with `Client::registered`",
            Kind::NoAuthorizationServer { .. } => {
                "if the server wants a fixed key, give it with `ServerConfig::bearer`"
            }
            Kind::Store { source } if source.kind() == io::ErrorKind::PermissionDenied => {
                "make the file readable for its owner only (`chmod 600`), or remove it and sign in again"
            }
            Kind::Key { .. } => "give it as PKCS #8 in PEM: `openssl pkcs8 -topk8 -nodes -in key.pem`",
            Kind::Issuer { .. } | Kind::Resource { .. } => {
                "somebody may be trying to get at tokens: ask who runs the server"
            }
            _ => return None,
        })
    }
}

impl From<AuthErrorKind> for AuthError {
    fn from(kind: AuthErrorKind) -> Self {
        Self(Arc::new(kind))
    }
}

impl fmt::Display for AuthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use AuthErrorKind as Kind;
        match self.kind() {
            Kind::Address { url, reason } => write!(f, "`{url}` cannot be used for signing in: {reason}"),
            Kind::Forbidden { url, reason } => write!(f, "`{url}` is not called: {reason}"),
            Kind::Connect { url, source } => write!(f, "`{url}` cannot be reached: {source}"),
            Kind::Timeout { url, limit } => write!(f, "`{url}` did not answer within {limit:?}"),
            Kind::Answer { url, reason } => write!(f, "`{url}` gave an answer that cannot be used: {reason}"),
            Kind::NoAuthorizationServer { server } => write!(f, "`{server}` does not say where to get a token"),
            Kind::Resource { server, resource } => write!(f, "`{server}` shows metadata that is about `{resource}`"),
            Kind::Issuer { expected, found: Some(found) } => {
                write!(f, "`{found}` answers in the place of `{expected}`")
            }
            Kind::Issuer { expected, found: None } => {
                write!(f, "somebody who does not give a name answers in the place of `{expected}`")
            }
            Kind::NoPkce { issuer } => write!(f, "`{issuer}` does not offer PKCE with S256"),
            Kind::UnknownClient { issuer, reason } => write!(f, "`{issuer}` does not know us: {reason}"),
            Kind::Refused { issuer, code, description } if description.is_empty() => {
                write!(f, "`{issuer}` refused: {code}")
            }
            Kind::Refused { issuer, code, description } => write!(f, "`{issuer}` refused: {code}: {description}"),
            Kind::NotSignedIn { reason } => write!(f, "nobody signed in: {reason}"),
            Kind::TooOften { server } => write!(f, "`{server}` refused every token of the last minute"),
            Kind::Store { source } => write!(f, "the tokens are not safe or cannot be read: {source}"),
            Kind::Key { reason } => write!(f, "the private key cannot be used: {reason}"),
        }
    }
}

impl fmt::Debug for AuthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl Error for AuthError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self.kind() {
            AuthErrorKind::Connect { source, .. } | AuthErrorKind::Store { source } => Some(source),
            _ => None,
        }
    }
}

/// Only a network that fails may be better the next time; nobody is asked to sign in twice for one call.
impl Retryable for AuthError {
    fn is_retryable(&self) -> bool {
        match self.kind() {
            AuthErrorKind::Connect { source, .. } => flowc::policy::transient(source),
            AuthErrorKind::Timeout { .. } => true,
            _ => false,
        }
    }
}
