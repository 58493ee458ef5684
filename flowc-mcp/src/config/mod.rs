//! How a server is reached, and how it is treated: from a file that other MCP clients read too, or from code.

mod error;
mod file;
#[cfg(feature = "auth")]
mod oauth;
mod place;
mod read;
mod settings;
mod vars;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use flowc::Secret;
use flowc::policy::{BreakerPolicy, RatePolicy};

pub use error::ConfigError;
pub use file::ServersFile;
pub use settings::{PoolSize, RetryCalls, Settings};

use crate::credentials::Credentials;

/// How one server is reached, and how it is treated.
///
/// ```
/// use flowc_mcp::ServerConfig;
/// use std::time::Duration;
///
/// let weather = ServerConfig::stdio("python3").arg("weather.py").env("UNITS", "metric");
/// let search = ServerConfig::http("https://search.example/mcp").bearer("s3cret").call_timeout(Duration::from_secs(20));
/// let board = ServerConfig::ws("ws://127.0.0.1:9000/mcp").api_key("X-Board-Key", "s3cret");
/// assert!(!format!("{search:?}").contains("s3cret"));
/// # let _ = (weather, board);
/// ```
#[derive(Debug, Clone)]
pub struct ServerConfig {
    pub(crate) way: Way,
    pub(crate) settings: Settings,
    /// What must not be seen in logs and errors.
    pub(crate) secrets: Vec<Secret<String>>,
}

/// The way to a server.
#[derive(Debug, Clone)]
pub(crate) enum Way {
    /// A program of ours, spoken to over its standard input and output.
    Stdio(Program),
    /// Streamable HTTP.
    Http(Address),
    /// WebSocket.
    Ws(Address),
}

/// A program to start.
#[derive(Debug, Clone)]
pub(crate) struct Program {
    pub(crate) command: String,
    pub(crate) args: Vec<String>,
    pub(crate) env: Vec<(String, Secret<String>)>,
    pub(crate) cwd: Option<PathBuf>,
    /// Whether it sees the whole environment of this process.
    pub(crate) inherit_env: bool,
}

/// An address, with what proves who we are.
#[derive(Debug, Clone)]
pub(crate) struct Address {
    pub(crate) url: String,
    pub(crate) headers: Vec<(String, Secret<String>)>,
    pub(crate) credentials: Option<Arc<dyn Credentials>>,
    /// For WebSocket.
    pub(crate) subprotocol: String,
    /// Certificates of authorities that are trusted as well, in PEM.
    pub(crate) ca: Option<PathBuf>,
}

impl ServerConfig {
    fn new(way: Way) -> Self {
        Self { way, settings: Settings::default(), secrets: Vec::new() }
    }

    /// A server that is a program: it is started, and spoken to over its standard input and output.
    ///
    /// It sees of the environment what programs need to run, such as `PATH` and `HOME`, and what [`env`](Self::env) gives it.
    #[must_use]
    pub fn stdio(command: impl Into<String>) -> Self {
        let (args, env) = (Vec::new(), Vec::new());
        Self::new(Way::Stdio(Program { command: command.into(), args, env, cwd: None, inherit_env: false }))
    }

    /// A server with an address: Streamable HTTP for `http://` and `https://`.
    #[must_use]
    pub fn http(url: impl Into<String>) -> Self {
        Self::new(Way::Http(Address::new(url.into())))
    }

    /// A server that is spoken to over WebSocket, with the subprotocol `mcp`.
    #[must_use]
    pub fn ws(url: impl Into<String>) -> Self {
        Self::new(Way::Ws(Address::new(url.into())))
    }

    /// One more argument of the program.
    #[must_use]
    pub fn arg(mut self, arg: impl Into<String>) -> Self {
        if let Way::Stdio(program) = &mut self.way {
            program.args.push(arg.into());
        }
        self
    }

    /// More arguments of the program.
    #[must_use]
    pub fn args<A: Into<String>>(self, args: impl IntoIterator<Item = A>) -> Self {
        args.into_iter().fold(self, Self::arg)
    }

    /// A variable in the environment of the program. Its value is kept out of logs and errors.
    #[must_use]
    pub fn env(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let value = Secret::new(value.into());
        if let Way::Stdio(program) = &mut self.way {
            program.env.push((name.into(), value.clone()));
            self.secrets.push(value);
        }
        self
    }

    /// The folder in which the program runs.
    #[must_use]
    pub fn cwd(mut self, folder: impl AsRef<Path>) -> Self {
        if let Way::Stdio(program) = &mut self.way {
            program.cwd = Some(folder.as_ref().to_owned());
        }
        self
    }

    /// The program sees the whole environment of this process, keys of other services included.
    #[must_use]
    pub fn inherit_env(mut self) -> Self {
        if let Way::Stdio(program) = &mut self.way {
            program.inherit_env = true;
        }
        self
    }

    /// A header of each request. Its value is kept out of logs and errors.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let value = value.into();
        if let Some(address) = self.address() {
            address.headers.push((name.into(), Secret::new(value.clone())));
            self.secrets.push(Secret::new(value));
        }
        self
    }

    /// A bearer token, sent with each request.
    #[must_use]
    pub fn bearer(mut self, token: impl Into<String>) -> Self {
        let token = token.into();
        self.secrets.push(Secret::new(token.clone()));
        self.header("Authorization", format!("Bearer {token}"))
    }

    /// A key in a header of its own, sent with each request.
    #[must_use]
    pub fn api_key(self, header: impl Into<String>, key: impl Into<String>) -> Self {
        self.header(header, key)
    }

    /// Where the `Authorization` of each request comes from, if it is not always the same.
    #[must_use]
    pub fn credentials(mut self, credentials: impl Credentials) -> Self {
        if let Some(address) = self.address() {
            address.credentials = Some(Arc::new(credentials));
        }
        self
    }

    /// The subprotocol of a WebSocket; `mcp` if this is not called.
    #[must_use]
    pub fn subprotocol(mut self, name: impl Into<String>) -> Self {
        if let Some(address) = self.address() {
            address.subprotocol = name.into();
        }
        self
    }

    /// A file with certificates of authorities that are trusted beside the usual ones, in PEM.
    #[must_use]
    pub fn ca(mut self, file: impl AsRef<Path>) -> Self {
        if let Some(address) = self.address() {
            address.ca = Some(file.as_ref().to_owned());
        }
        self
    }

    /// How many processes or connections there are at least and at most; one if this is not called, as many servers keep state.
    #[must_use]
    pub fn pool(mut self, min: usize, max: usize) -> Self {
        self.settings.pool = PoolSize::new(min, max);
        self
    }

    /// How long a server may take to start and to agree on a version; 30 seconds if this is not called.
    #[must_use]
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.settings.connect_timeout = limit;
        self
    }

    /// How long a call may take with all of its attempts; 60 seconds if this is not called.
    #[must_use]
    pub fn call_timeout(mut self, limit: Duration) -> Self {
        self.settings.call_timeout = limit;
        self
    }

    /// No message of the server may be longer; 32 MiB if this is not called.
    #[must_use]
    pub fn max_message(mut self, bytes: usize) -> Self {
        self.settings.max_message = bytes;
        self
    }

    /// How often a call is made, where that is safe.
    #[must_use]
    pub fn retry(mut self, retry: RetryCalls) -> Self {
        self.settings.retry = retry;
        self
    }

    /// When calls are refused because too many failed.
    #[must_use]
    pub fn breaker(mut self, policy: BreakerPolicy) -> Self {
        self.settings.breaker = Some(policy);
        self
    }

    /// Calls are made however many failed.
    #[must_use]
    pub fn no_breaker(mut self) -> Self {
        self.settings.breaker = None;
        self
    }

    /// How many calls in which time.
    #[must_use]
    pub fn rate(mut self, policy: RatePolicy) -> Self {
        self.settings.rate = Some(policy);
        self
    }

    /// A tool that may be called again with the same arguments, whatever the server says of it.
    #[must_use]
    pub fn idempotent(mut self, tool: impl Into<String>) -> Self {
        self.settings.idempotent.push(tool.into());
        self
    }

    /// Only this version of the protocol is spoken.
    #[must_use]
    pub fn protocol(mut self, version: crate::ProtocolVersion) -> Self {
        self.settings.protocol = Some(version);
        self
    }

    fn address(&mut self) -> Option<&mut Address> {
        match &mut self.way {
            Way::Stdio(_) => None,
            Way::Http(address) | Way::Ws(address) => Some(address),
        }
    }

    /// What it is, in a word.
    pub(crate) fn transport(&self) -> &'static str {
        match self.way {
            Way::Stdio(_) => "stdio",
            Way::Http(_) => "http",
            Way::Ws(_) => "ws",
        }
    }

    /// Whether it would make no difference to put it in the place of another.
    pub(crate) fn same_as(&self, other: &Self) -> bool {
        let plain = |config: &Self| {
            let (pairs, credentials) = match &config.way {
                Way::Stdio(program) => (&program.env, None),
                Way::Http(address) | Way::Ws(address) => (&address.headers, address.credentials.as_ref()),
            };
            let pairs: Vec<_> = pairs.iter().map(|(name, value)| (name.clone(), value.expose().clone())).collect();
            (format!("{config:?}"), pairs, credentials.map(|credentials| Arc::as_ptr(credentials).cast::<()>()))
        };
        plain(self) == plain(other)
    }
}

impl Address {
    /// The same place, for what is asked over HTTP there: where a token is to be got.
    #[cfg(any(feature = "auth", feature = "ws"))]
    pub(crate) fn over_http(&self) -> String {
        self.url.strip_prefix("ws").map_or_else(|| self.url.clone(), |rest| format!("http{rest}"))
    }

    fn new(url: String) -> Self {
        Self { url, headers: Vec::new(), credentials: None, subprotocol: "mcp".to_owned(), ca: None }
    }
}
