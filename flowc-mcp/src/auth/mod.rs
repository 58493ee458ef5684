//! Getting tokens for servers that want to know who asks: OAuth 2.1, as MCP uses it. With the feature `auth`.
//!
//! ```no_run
//! use flowc_mcp::auth::{Client, FileStore, OAuth};
//! use flowc_mcp::{McpServers, ServerConfig};
//!
//! # fn run() {
//! let sign_in = OAuth::interactive(Client::new("Travel desk").metadata("https://desk.example/mcp-client.json"))
//!     .store(FileStore::at("/var/lib/desk/tokens"));
//! let servers = McpServers::builder()
//!     .server("calendar", ServerConfig::http("https://calendar.example/mcp").oauth(sign_in))
//!     .build();
//! # }
//! ```
//!
//! The first request that the server refuses opens a browser; all later ones, of later runs of the program too, need none: tokens
//! are renewed before they end. Where no person is there, [`OAuth::client_credentials`] asks in the name of the program.
//!
//! What a token is, a key, a code or a verifier is a [`Secret`] from where it arrives to where it is sent, and part of no log line,
//! error or event. What a server publishes about where to get tokens is believed only as far as it leads to no private network.

mod assertion;
mod browser;
mod challenge;
mod client;
mod discovery;
pub(crate) mod endpoint;
mod error;
mod flow;
mod form;
mod grant;
pub(crate) mod guard;
mod random;
mod redirect;
mod signin;
mod store;
mod token;
mod tokens;
pub(crate) mod wire;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

#[cfg(doc)]
use flowc::Secret;

pub use browser::{Browser, SystemBrowser};
pub use client::Client;
pub use error::{AuthError, AuthErrorKind};
pub use store::{FileStore, MemoryStore, StoreLock, TokenStore};
pub use tokens::Tokens;

use crate::config::Way;
use flow::How;

/// How to get tokens for a server.
///
/// ```
/// use flowc_mcp::auth::{Client, FileStore, OAuth};
///
/// // A person signs in, once.
/// let person = OAuth::interactive(Client::new("Travel desk")).store(FileStore::at("tokens"));
///
/// // The program itself is let in.
/// let client = Client::new("Night shift").registered("https://login.example", "night-4").secret("s3cret");
/// let program = OAuth::client_credentials(client).scopes(["files:read"]);
/// assert!(!format!("{program:?}").contains("s3cret"));
/// # let _ = person;
/// ```
#[derive(Debug, Clone)]
pub struct OAuth {
    client: Client,
    how: How,
    scopes: Option<Vec<String>>,
    store: Arc<dyn TokenStore>,
    private: bool,
    unlisted_pkce: bool,
    ca: Option<PathBuf>,
}

impl OAuth {
    /// A person signs in with a browser: the authorization code flow with PKCE.
    ///
    /// The browser comes back to a port of this machine that is open only until then.
    #[must_use]
    pub fn interactive(client: Client) -> Self {
        let how = How::Interactive { browser: Arc::new(SystemBrowser), port: None, limit: Duration::from_secs(300) };
        Self::new(client, how)
    }

    /// The program itself is let in, and no person is asked. The client has to be [registered](Client::registered).
    #[must_use]
    pub fn client_credentials(client: Client) -> Self {
        Self::new(client, How::ClientCredentials)
    }

    fn new(client: Client, how: How) -> Self {
        let store = Arc::new(MemoryStore::new());
        Self { client, how, scopes: None, store, private: false, unlisted_pkce: false, ca: None }
    }

    /// The scopes to ask for. If this is not called, they are those that the server says it needs, or else all that it names.
    #[must_use]
    pub fn scopes<S: Into<String>>(mut self, scopes: impl IntoIterator<Item = S>) -> Self {
        self.scopes = Some(scopes.into_iter().map(Into::into).collect());
        self
    }

    /// Where tokens of persons are kept; in memory if this is not called, so that somebody has to sign in at each run.
    #[must_use]
    pub fn store(mut self, store: impl TokenStore) -> Self {
        self.store = Arc::new(store);
        self
    }

    /// How a person gets to the page where to sign in; the browser of the system if this is not called.
    #[must_use]
    pub fn browser(mut self, with: impl Browser) -> Self {
        if let How::Interactive { browser, .. } = &mut self.how {
            *browser = Arc::new(with);
        }
        self
    }

    /// The port where the browser comes back to, for authorization servers that know it in advance; any free one if this is not called.
    #[must_use]
    pub fn redirect_port(mut self, number: u16) -> Self {
        if let How::Interactive { port, .. } = &mut self.how {
            *port = Some(number);
        }
        self
    }

    /// How long a person may take to sign in; five minutes if this is not called.
    #[must_use]
    pub fn sign_in_limit(mut self, time: Duration) -> Self {
        if let How::Interactive { limit, .. } = &mut self.how {
            *limit = time;
        }
        self
    }

    /// The authorization server may be in a private network though the MCP server is not: a company's own, say.
    #[must_use]
    pub fn allow_private_addresses(mut self) -> Self {
        self.private = true;
        self
    }

    /// An authorization server that does not say in its metadata that it knows PKCE is used all the same. The protocol forbids
    /// this; some large ones do not say so and know it.
    #[must_use]
    pub fn accept_unlisted_pkce(mut self) -> Self {
        self.unlisted_pkce = true;
        self
    }

    /// A file with certificates of authorities that are trusted beside the usual ones, in PEM.
    #[must_use]
    pub fn ca(mut self, file: impl AsRef<Path>) -> Self {
        self.ca = Some(file.as_ref().to_owned());
        self
    }

    /// The tokens for a server, to be handed to [`ServerConfig::credentials`](crate::ServerConfig::credentials).
    ///
    /// [`ServerConfig::oauth`](crate::ServerConfig::oauth) does both. This one is for who wants to sign in before the first call, or
    /// to sign out.
    #[must_use]
    pub fn for_server(self, url: &str) -> Tokens {
        Tokens::new(self, url)
    }
}

impl crate::ServerConfig {
    /// How tokens for this server are got: OAuth 2.1. With the feature `auth`, for servers that are spoken to over HTTP or WebSocket.
    ///
    /// ```
    /// use flowc_mcp::ServerConfig;
    /// use flowc_mcp::auth::{Client, OAuth};
    ///
    /// let calendar = ServerConfig::http("https://calendar.example/mcp").oauth(OAuth::interactive(Client::new("Travel desk")));
    /// # let _ = calendar;
    /// ```
    ///
    /// The time to connect is raised to what a person may take to sign in. The authorities of [`ca`](Self::ca) are trusted here too,
    /// if they were given before.
    #[must_use]
    pub fn oauth(mut self, mut oauth: OAuth) -> Self {
        if let How::Interactive { limit, .. } = &oauth.how {
            self.settings.connect_timeout = self.settings.connect_timeout.saturating_add(*limit);
        }
        let (Way::Http(address) | Way::Ws(address)) = &mut self.way else { return self };
        oauth.ca = oauth.ca.or_else(|| address.ca.clone());
        address.credentials = Some(Arc::new(oauth.for_server(&address.over_http())));
        self
    }
}
