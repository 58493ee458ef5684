//! What went wrong with a server, and what can be done.

use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use flowc::policy::{Refused, Retryable};

use crate::protocol::ProtocolVersion;

/// Why a call of a server gave no value: which server, which tool, which attempt, and what to do.
///
/// ```no_run
/// # async fn example(servers: flowc_mcp::McpServers) -> Result<(), flowc_mcp::McpError> {
/// use flowc_mcp::McpErrorKind;
///
/// let weather = servers.server("weather")?;
/// match weather.call("forecast", serde_json::json!({ "city": "Oslo" })).await {
///     Ok(result) => println!("{}", result.text()),
///     Err(error) if matches!(error.kind(), McpErrorKind::Timeout { .. }) => println!("too slow: {error}"),
///     Err(error) => println!("{error}; {}", error.help().unwrap_or_default()),
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct McpError(Box<Inner>);

#[derive(Clone)]
struct Inner {
    server: Arc<str>,
    subject: Option<String>,
    attempt: u32,
    kind: McpErrorKind,
}

/// What went wrong.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum McpErrorKind {
    /// There is no server of this name.
    NoServer {
        /// Those that there are.
        known: Vec<String>,
    },
    /// The server has no such tool.
    NoTool {
        /// Those that it has.
        known: Vec<String>,
    },
    /// The server could not be started or reached.
    Connect {
        /// Why.
        source: Arc<dyn Error + Send + Sync>,
    },
    /// What proves to the server who asks could not be got.
    Credentials {
        /// Why.
        source: Arc<dyn Error + Send + Sync>,
    },
    /// The server speaks no version of the protocol that flowc speaks.
    NoVersion {
        /// What the server offered.
        offered: Vec<String>,
    },
    /// The server wants to know who asks, or does not let him.
    Unauthorized {
        /// 401 or 403.
        status: u16,
        /// What the server says is needed.
        challenge: Option<String>,
    },
    /// The arguments do not fit the tool's schema, so nothing was sent.
    Arguments {
        /// Each place, and what is wrong there.
        problems: Vec<String>,
    },
    /// The tool itself says that it failed.
    Tool {
        /// What it said.
        text: String,
    },
    /// The server answered with an error of the protocol.
    Answer {
        /// Its number.
        code: i64,
        /// What the server said.
        message: String,
    },
    /// An HTTP server answered with this status.
    Status {
        /// The number.
        status: u16,
        /// How long to wait, as the server says.
        retry_after: Option<Duration>,
        /// The beginning of what it said.
        said: String,
    },
    /// The answer did not come in time.
    Timeout {
        /// How long it was waited for.
        limit: Duration,
    },
    /// The connection ended before the answer came.
    Closed {
        /// What is known of why.
        reason: String,
    },
    /// The answer cannot be read, or is no answer to this question.
    Garbled {
        /// What is wrong with it.
        reason: String,
    },
    /// A message is longer than the limit.
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// A policy of the server did not let the call happen.
    Refused(Refused),
    /// The server needs input of a person or a model, and nobody here gives it.
    Input {
        /// What it asked.
        asked: String,
    },
    /// Whoever asked for the call cancelled it, or the server did.
    Cancelled,
    /// The result is not of the type that was asked for.
    Output {
        /// What is wrong with it.
        reason: String,
    },
    /// The server's tools are not those that the program was compiled with.
    Drift {
        /// What of it is breaking.
        drift: crate::typed::Drift,
    },
    /// The server was taken out, or all of them were closed.
    Removed,
}

impl McpError {
    pub(crate) fn new(server: &Arc<str>, kind: McpErrorKind) -> Self {
        Self(Box::new(Inner { server: Arc::clone(server), subject: None, attempt: 1, kind }))
    }

    /// Of this tool, prompt or resource.
    pub(crate) fn of(mut self, subject: &str) -> Self {
        self.0.subject.get_or_insert_with(|| subject.to_owned());
        self
    }

    pub(crate) fn at_attempt(mut self, attempt: u32) -> Self {
        self.0.attempt = attempt;
        self
    }

    pub(crate) fn connect(server: &Arc<str>, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::new(server, McpErrorKind::Connect { source: source.into().into() })
    }

    pub(crate) fn closed(server: &Arc<str>, reason: impl Into<String>) -> Self {
        Self::new(server, McpErrorKind::Closed { reason: reason.into() })
    }

    /// The server.
    pub fn server(&self) -> &str {
        &self.0.server
    }

    /// The tool, prompt or resource, if it was about one.
    pub fn subject(&self) -> Option<&str> {
        self.0.subject.as_deref()
    }

    /// Which attempt it was, counted from 1.
    pub fn attempt(&self) -> u32 {
        self.0.attempt
    }

    /// What went wrong.
    pub fn kind(&self) -> &McpErrorKind {
        &self.0.kind
    }

    /// What to do about it, where that is known.
    pub fn help(&self) -> Option<String> {
        use McpErrorKind as Kind;
        let list = |names: &[String]| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let help = match self.kind() {
            Kind::NoServer { known } if known.is_empty() => {
                "no server is configured: add one to the file, or with `add`".to_owned()
            }
            Kind::NoTool { known } if known.is_empty() => "the server has no tools at all".to_owned(),
            Kind::NoServer { known } | Kind::NoTool { known } => format!("there are {}", list(known)),
            Kind::Connect { source } => connect_help(source.as_ref())?,
            #[cfg(feature = "auth")]
            Kind::Credentials { source } => source.downcast_ref::<crate::auth::AuthError>()?.help()?.to_owned(),
            #[cfg(not(feature = "auth"))]
            Kind::Credentials { .. } => return None,
            Kind::NoVersion { .. } => {
                let ours: Vec<_> = ProtocolVersion::ALL.iter().map(ToString::to_string).collect();
                format!("flowc speaks {}: update the server", ours.join(", "))
            }
            Kind::Unauthorized { status: 403, .. } => {
                "the key is known, but may not do this: ask for its rights".to_owned()
            }
            Kind::Unauthorized { .. } => {
                "give a key in `headers`, or with `.bearer(..)` or `.credentials(..)`".to_owned()
            }
            Kind::Timeout { .. } => "give it more time with `callTimeout` or `CallOptions::timeout`".to_owned(),
            Kind::TooLarge { .. } => "raise `maxMessage` if the server is trusted, or ask for less".to_owned(),
            Kind::Input { .. } => "give the servers an `InputHandler`".to_owned(),
            Kind::Drift { .. } => {
                "write the snapshot anew with `flowc-mcp snapshot`, and build again: what has to change does not compile".to_owned()
            }
            Kind::Refused(_) | Kind::Arguments { .. } | Kind::Tool { .. } | Kind::Answer { .. } | Kind::Status { .. } => return None,
            Kind::Closed { .. } | Kind::Garbled { .. } | Kind::Cancelled | Kind::Output { .. } | Kind::Removed => return None,
        };
        Some(help)
    }

    /// Whether the server, and not the caller, is to blame: what a breaker counts.
    pub(crate) fn is_outage(&self) -> bool {
        use McpErrorKind as Kind;
        match self.kind() {
            Kind::Connect { .. } | Kind::Timeout { .. } | Kind::Closed { .. } | Kind::Garbled { .. } => true,
            Kind::Status { status, .. } => *status >= 500 || *status == 429,
            _ => false,
        }
    }

    /// Whether the server itself answered, if not with a value.
    pub(crate) fn is_answer(&self) -> bool {
        matches!(self.kind(), McpErrorKind::Answer { .. } | McpErrorKind::Input { .. })
    }

    /// Whether the server cannot have begun to work on the call.
    pub(crate) fn is_unsent(&self) -> bool {
        use McpErrorKind as Kind;
        match self.kind() {
            Kind::Connect { .. } | Kind::Credentials { .. } | Kind::Refused(_) => true,
            Kind::Status { status, .. } => matches!(status, 429 | 503),
            _ => false,
        }
    }

    /// Whether it makes no sense to try to connect again.
    pub(crate) fn is_final(&self) -> bool {
        use McpErrorKind as Kind;
        match self.kind() {
            Kind::NoVersion { .. } | Kind::Unauthorized { .. } | Kind::Removed => true,
            #[cfg(feature = "auth")]
            Kind::Credentials { source } if source.is::<crate::auth::AuthError>() => {
                !source.downcast_ref::<crate::auth::AuthError>().is_some_and(Retryable::is_retryable)
            }
            Kind::Connect { source } | Kind::Credentials { source } => !flowc::policy::transient(source.as_ref()),
            _ => false,
        }
    }
}

/// What to do when a server cannot be reached.
fn connect_help(source: &(dyn Error + 'static)) -> Option<String> {
    let mut chain = std::iter::successors(Some(source), |&error| error.source());
    let text = chain.clone().map(ToString::to_string).collect::<Vec<_>>().join(": ");
    let missing = chain.any(|error| {
        error.downcast_ref::<std::io::Error>().is_some_and(|io| io.kind() == std::io::ErrorKind::NotFound)
    });
    if missing {
        Some("install the program, or give its whole path in `command`".to_owned())
    } else if text.contains("certificate") {
        Some("give the certificate of the server's authority in `ca`".to_owned())
    } else if text.contains("no subprotocol") {
        Some(
            "the server has no subprotocol: write `\"subprotocol\": \"\"` under `x-flowc`, or `.subprotocol(\"\")`"
                .to_owned(),
        )
    } else {
        None
    }
}

impl fmt::Display for McpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use McpErrorKind as Kind;
        let server = self.server();
        if let Kind::NoServer { .. } = self.kind() {
            return write!(f, "there is no server `{server}`");
        }
        match self.subject() {
            Some(subject) => write!(f, "`{subject}` of the server `{server}`")?,
            None => write!(f, "the server `{server}`")?,
        }
        match self.kind() {
            Kind::NoServer { .. } => Ok(()),
            Kind::NoTool { .. } => f.write_str(" does not exist"),
            Kind::Connect { source } => write!(f, " cannot be reached: {}", whole(source.as_ref())),
            Kind::Credentials { source } => write!(f, " cannot be told who asks: {}", whole(source.as_ref())),
            Kind::NoVersion { offered } if offered.is_empty() => f.write_str(" offers no version of the protocol"),
            Kind::NoVersion { offered } => {
                write!(f, " offers no version of the protocol that flowc speaks, only {}", offered.join(", "))
            }
            Kind::Unauthorized { status, .. } => write!(f, " does not let us in (HTTP {status})"),
            Kind::Arguments { problems } => write!(f, " does not take these arguments: {}", problems.join("; ")),
            Kind::Tool { text } => write!(f, " failed: {text}"),
            Kind::Answer { code, message } => write!(f, " answered with the error {code}: {message}"),
            Kind::Status { status, said, .. } if said.is_empty() => write!(f, " answered with HTTP {status}"),
            Kind::Status { status, said, .. } => write!(f, " answered with HTTP {status}: {said}"),
            Kind::Timeout { limit } => write!(f, " did not answer within {limit:?}"),
            Kind::Closed { reason } => write!(f, " went away before it answered: {reason}"),
            Kind::Garbled { reason } => write!(f, " gave an answer that cannot be read: {reason}"),
            Kind::TooLarge { limit } => write!(f, " sent a message of more than {limit} bytes"),
            Kind::Refused(refused) => write!(f, " was not called: {refused}"),
            Kind::Input { asked } => write!(f, " asks for input that nobody here gives: {asked}"),
            Kind::Cancelled => f.write_str(" was cancelled"),
            Kind::Output { reason } => write!(f, " gave a result of another type: {reason}"),
            Kind::Drift { drift } => write!(f, " does not fit the program any more:\n{drift}"),
            Kind::Removed => f.write_str(" is not there any more"),
        }?;
        if self.attempt() > 1 { write!(f, " (attempt {})", self.attempt()) } else { Ok(()) }
    }
}

/// An error with its sources, each said once.
fn whole(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    for source in std::iter::successors(error.source(), |&error| error.source()) {
        let more = source.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
    }
    text
}

impl fmt::Debug for McpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("McpError")
            .field("server", &self.0.server)
            .field("subject", &self.0.subject)
            .field("attempt", &self.0.attempt)
            .field("kind", &self.0.kind)
            .finish()
    }
}

impl Error for McpError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self.kind() {
            McpErrorKind::Connect { source } | McpErrorKind::Credentials { source } => Some(source.as_ref()),
            McpErrorKind::Refused(refused) => Some(refused),
            _ => None,
        }
    }
}

/// A node with `retry` is called again where it may help: the author of the node has said that this is safe.
impl Retryable for McpError {
    fn is_retryable(&self) -> bool {
        use McpErrorKind as Kind;
        match self.kind() {
            Kind::Refused(refused) => refused.is_retryable(),
            Kind::Connect { .. } | Kind::Credentials { .. } => !self.is_final(),
            _ => self.is_outage(),
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        match self.kind() {
            McpErrorKind::Refused(refused) => refused.retry_after(),
            McpErrorKind::Status { retry_after, .. } => *retry_after,
            _ => None,
        }
    }
}
