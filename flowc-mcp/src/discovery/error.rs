//! Why a server was not found, or cannot be used as it is described.

use std::error::Error;
use std::fmt;

use flowc::policy::Retryable;

use super::Need;
use crate::auth::{AuthError, AuthErrorKind};

/// Why a server was not found, or cannot be used as it is described.
///
/// ```
/// use flowc_mcp::discovery::{DiscoveryErrorKind, Registry};
///
/// let error = Registry::at("registry.example").unwrap_err();
/// assert!(matches!(error.kind(), DiscoveryErrorKind::Request { .. }));
/// assert_eq!(error.to_string(), "`registry.example` cannot be asked: it is neither `http` nor `https`");
/// ```
#[derive(Debug)]
pub struct DiscoveryError(Box<DiscoveryErrorKind>);

/// The kinds of a [`DiscoveryError`].
#[derive(Debug)]
#[non_exhaustive]
pub enum DiscoveryErrorKind {
    /// Nobody could be asked.
    Request {
        /// Why.
        source: AuthError,
    },
    /// The answer is not what it should be.
    Answer {
        /// Who answered.
        url: String,
        /// What is wrong.
        reason: String,
    },
    /// There is no such server, or no such version of it.
    Unknown {
        /// What was looked for.
        name: String,
        /// Names that are like it.
        similar: Vec<String>,
    },
    /// Something has to be given.
    Missing {
        /// The server.
        name: String,
        /// What.
        needs: Vec<Need>,
    },
    /// What was given is not asked for, or is none of the choices.
    Given {
        /// The server.
        name: String,
        /// What is wrong.
        reason: String,
    },
    /// It is offered in no way that can be used here.
    NoWay {
        /// The server.
        name: String,
        /// Why.
        reason: String,
    },
}

impl DiscoveryError {
    /// What happened.
    pub fn kind(&self) -> &DiscoveryErrorKind {
        &self.0
    }

    /// What to do about it, where that is known.
    ///
    /// ```
    /// # fn show(error: flowc_mcp::discovery::DiscoveryError) {
    /// eprintln!("{error}");
    /// if let Some(help) = error.help() {
    ///     eprintln!("help: {help}");
    /// }
    /// # }
    /// ```
    pub fn help(&self) -> Option<String> {
        use DiscoveryErrorKind as Kind;
        match self.kind() {
            Kind::Unknown { similar, .. } if !similar.is_empty() => {
                Some(format!("there are `{}`", similar.join("`, `")))
            }
            Kind::Unknown { .. } => Some("a name is written as in `io.github.acme/weather`".to_owned()),
            Kind::Missing { needs, .. } => {
                let of = |need: &Need| match need.description.as_str() {
                    "" => format!("`{}`", need.name),
                    description => format!("`{}` ({description})", need.name),
                };
                Some(format!("give {}", needs.iter().map(of).collect::<Vec<_>>().join(", ")))
            }
            Kind::NoWay { .. } => Some("`Listing::remote` takes an address, `Listing::package` a program".to_owned()),
            Kind::Request { .. } | Kind::Answer { .. } | Kind::Given { .. } => None,
        }
    }
}

impl From<DiscoveryErrorKind> for DiscoveryError {
    fn from(kind: DiscoveryErrorKind) -> Self {
        Self(Box::new(kind))
    }
}

impl From<AuthError> for DiscoveryError {
    fn from(source: AuthError) -> Self {
        DiscoveryErrorKind::Request { source }.into()
    }
}

/// An answer that cannot be used.
pub(super) fn answer(url: &str, reason: impl Into<String>) -> DiscoveryError {
    DiscoveryErrorKind::Answer { url: url.to_owned(), reason: reason.into() }.into()
}

impl fmt::Display for DiscoveryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use DiscoveryErrorKind as Kind;
        match self.kind() {
            Kind::Request { source } => match source.kind() {
                AuthErrorKind::Address { url, reason } => write!(f, "`{url}` cannot be asked: {reason}"),
                _ => source.fmt(f),
            },
            Kind::Answer { url, reason } => write!(f, "`{url}` gave an answer that cannot be used: {reason}"),
            Kind::Unknown { name, .. } => write!(f, "there is no server `{name}`"),
            Kind::Missing { name, needs } => {
                let names: Vec<_> = needs.iter().map(|need| format!("`{}`", need.name)).collect();
                write!(f, "the server `{name}` needs {}", names.join(", "))
            }
            Kind::Given { name, reason } => write!(f, "the server `{name}` was given what it does not take: {reason}"),
            Kind::NoWay { name, reason } => write!(f, "the server `{name}` cannot be used so: {reason}"),
        }
    }
}

impl Error for DiscoveryError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self.kind() {
            DiscoveryErrorKind::Request { source } => source.source(),
            _ => None,
        }
    }
}

/// Only a network that fails may be better the next time.
impl Retryable for DiscoveryError {
    fn is_retryable(&self) -> bool {
        matches!(self.kind(), DiscoveryErrorKind::Request { source } if source.is_retryable())
    }
}
