//! Why something is not loaded, and what to do about it.

use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use flowc::policy::Retryable;

/// Why something is not loaded.
#[derive(Debug, Clone)]
pub struct LoadError {
    place: String,
    kind: LoadErrorKind,
    source: Option<Arc<dyn Error + Send + Sync>>,
}

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum LoadErrorKind {
    /// The application does not allow it.
    Forbidden {
        /// Why.
        reason: &'static str,
    },
    /// It is no path, pattern or address that can be meant.
    Invalid {
        /// What is wrong with it.
        reason: String,
    },
    /// It is larger than allowed.
    TooLarge {
        /// So many bytes are allowed.
        limit: u64,
    },
    /// What is packed in it is larger than allowed.
    Unpacks {
        /// So many bytes are allowed.
        limit: u64,
    },
    /// There are more files than allowed.
    TooMany {
        /// So many are allowed.
        limit: usize,
    },
    /// It is nothing that can be read as text.
    WrongType {
        /// What it is.
        found: String,
    },
    /// It cannot be read.
    Read,
    /// There was no connection, or it broke.
    Connect,
    /// It took too long.
    Timeout {
        /// For so long.
        limit: Duration,
    },
    /// The server sends on and on.
    Redirects {
        /// So many are followed.
        limit: usize,
    },
    /// The server answers something else than success.
    Status {
        /// The number of HTTP.
        status: u16,
    },
}

impl LoadError {
    pub(super) fn new(place: impl Into<String>, kind: LoadErrorKind) -> Self {
        Self { place: place.into(), kind, source: None }
    }

    pub(super) fn because(self, source: impl Error + Send + Sync + 'static) -> Self {
        Self { source: Some(Arc::new(source)), ..self }
    }

    /// The path or the address.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// What went wrong.
    pub fn kind(&self) -> &LoadErrorKind {
        &self.kind
    }

    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match &self.kind {
            LoadErrorKind::Forbidden { .. } => {
                "if it is meant, allow it in the application's `FileAccess` or `NetAccess`"
            }
            LoadErrorKind::Invalid { .. } => "change what is asked for",
            LoadErrorKind::TooLarge { .. } => "raise `max_bytes`, if it is meant",
            LoadErrorKind::Unpacks { .. } => "raise `max_bytes`, if you trust who made it",
            LoadErrorKind::TooMany { .. } => "narrow the pattern, or raise `max_files`",
            LoadErrorKind::WrongType { .. } => "load texts, Markdown and HTML",
            LoadErrorKind::Read => "look whether it is there and may be read",
            LoadErrorKind::Connect => "look at the address and the network; a `retry` bridges short outages",
            LoadErrorKind::Timeout { .. } => "raise `timeout`, or give the step a `retry`",
            LoadErrorKind::Redirects { .. } => "give the address where it ends",
            LoadErrorKind::Status { status: 500.. } => "it is the server's trouble: give the step a `retry`",
            LoadErrorKind::Status { .. } => "look at the address",
        }
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not loaded: {}; {}", self.place, self.kind, self.help())
    }
}

impl fmt::Display for LoadErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Forbidden { reason } => f.write_str(reason),
            Self::Invalid { reason } => f.write_str(reason),
            Self::TooLarge { limit } => write!(f, "it is larger than {limit} bytes"),
            Self::Unpacks { limit } => write!(f, "it unpacks to more than {limit} bytes"),
            Self::TooMany { limit } => write!(f, "there are more than {limit} files"),
            Self::WrongType { found } => write!(f, "it is {found}"),
            Self::Read => f.write_str("it cannot be read"),
            Self::Connect => f.write_str("the server cannot be reached"),
            Self::Timeout { limit } => write!(f, "it took more than {limit:?}"),
            Self::Redirects { limit } => write!(f, "the server redirects more than {limit} times"),
            Self::Status { status } => write!(f, "the server answers with HTTP {status}"),
        }
    }
}

impl Error for LoadError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_ref().map(|source| &**source as &(dyn Error + 'static))
    }
}

impl Retryable for LoadError {
    fn is_retryable(&self) -> bool {
        match self.kind {
            LoadErrorKind::Connect | LoadErrorKind::Timeout { .. } => true,
            LoadErrorKind::Status { status } => matches!(status, 408 | 425 | 429 | 500..),
            _ => false,
        }
    }
}
