//! What goes wrong with a search, and what to do about it.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use flowc::policy::Retryable;

use crate::model::ModelError;

/// Why nothing was stored or found.
#[derive(Debug)]
pub struct RetrievalError {
    kind: RetrievalErrorKind,
    source: Option<Box<dyn Error + Send + Sync>>,
}

/// What went wrong.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum RetrievalErrorKind {
    /// There is no word in what is looked for.
    EmptyQuery,
    /// Nothing can be among so few.
    NoLimit,
    /// A vector has another length than those that are there.
    Dimensions {
        /// The length of those that are there.
        expected: usize,
        /// Its own length.
        found: usize,
    },
    /// A vector has a number that is none, or only zeros: it has no direction.
    NoDirection,
    /// There are not as many vectors as texts.
    Count {
        /// So many texts.
        chunks: usize,
        /// So many vectors.
        vectors: usize,
    },
    /// The model that was to put the hits in order failed.
    Model,
    /// The model put something in order that was not there.
    Ranking {
        /// What is wrong with its answer.
        reason: String,
    },
    /// How a store is reached cannot be meant so.
    Config {
        /// What is wrong with it.
        problem: String,
    },
    /// The store cannot be reached.
    Connect {
        /// Where it should be.
        url: String,
    },
    /// The store took too long.
    Timeout {
        /// For so long.
        limit: Duration,
    },
    /// The store refuses.
    Status {
        /// The number of HTTP.
        status: u16,
        /// What it says.
        said: String,
    },
    /// The answer of the store cannot be understood.
    Garbled {
        /// What is wrong with it.
        reason: String,
    },
}

impl RetrievalError {
    /// What went wrong.
    pub fn kind(&self) -> &RetrievalErrorKind {
        &self.kind
    }

    /// What is behind it.
    #[must_use]
    pub fn because(self, source: impl Error + Send + Sync + 'static) -> Self {
        Self { source: Some(Box::new(source)), ..self }
    }

    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match &self.kind {
            RetrievalErrorKind::EmptyQuery => "look for at least one letter or digit",
            RetrievalErrorKind::NoLimit => "ask for at least one hit",
            RetrievalErrorKind::Dimensions { .. } => "make all vectors with the same model, those of questions too",
            RetrievalErrorKind::NoDirection => "look at the model that made the vector",
            RetrievalErrorKind::Count { .. } => "make one vector for each text, in the same order",
            RetrievalErrorKind::Model => "see its own error",
            RetrievalErrorKind::Ranking { .. } => "take a larger model, or rank fewer hits at once",
            RetrievalErrorKind::Config { .. } => "change how the store is reached",
            RetrievalErrorKind::Connect { .. } => "look at the address and whether the store runs",
            RetrievalErrorKind::Timeout { .. } => "give the step a `retry`, or the store more time",
            RetrievalErrorKind::Status { status: 404, .. } => "make the collection first, or look at its name",
            RetrievalErrorKind::Status { status: 401 | 403, .. } => "look at the key of the store",
            RetrievalErrorKind::Status { .. } => "the store says why",
            RetrievalErrorKind::Garbled { .. } => "look whether this server speaks the protocol",
        }
    }
}

impl From<RetrievalErrorKind> for RetrievalError {
    fn from(kind: RetrievalErrorKind) -> Self {
        Self { kind, source: None }
    }
}

impl From<ModelError> for RetrievalError {
    fn from(error: ModelError) -> Self {
        Self::from(RetrievalErrorKind::Model).because(error)
    }
}

impl fmt::Display for RetrievalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.kind, self.help())
    }
}

impl fmt::Display for RetrievalErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EmptyQuery => f.write_str("there is no word in the query"),
            Self::NoLimit => f.write_str("0 hits are asked for"),
            Self::Dimensions { expected, found } => {
                write!(f, "a vector has {found} dimensions, and the store has {expected}")
            }
            Self::NoDirection => f.write_str("a vector has a number that is not finite, or nothing but zeros"),
            Self::Count { chunks, vectors } => write!(f, "there are {vectors} vectors for {chunks} texts"),
            Self::Model => f.write_str("the model that ranks failed"),
            Self::Ranking { reason } => write!(f, "the model's ranking cannot be used: {reason}"),
            Self::Config { problem } => f.write_str(problem),
            Self::Connect { url } => write!(f, "the store at `{url}` cannot be reached"),
            Self::Timeout { limit } => write!(f, "the store did not answer within {limit:?}"),
            Self::Status { status, said } if said.is_empty() => write!(f, "the store answers with HTTP {status}"),
            Self::Status { status, said } => write!(f, "the store answers with HTTP {status}: {said}"),
            Self::Garbled { reason } => write!(f, "the answer of the store cannot be understood: {reason}"),
        }
    }
}

impl Error for RetrievalError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_ref().map(|source| &**source as &(dyn Error + 'static))
    }
}

impl Retryable for RetrievalError {
    fn is_retryable(&self) -> bool {
        match &self.kind {
            RetrievalErrorKind::Connect { .. } | RetrievalErrorKind::Timeout { .. } => true,
            RetrievalErrorKind::Status { status, .. } => matches!(status, 408 | 429 | 500..),
            RetrievalErrorKind::Model => {
                let model = self.source.as_ref().and_then(|source| source.downcast_ref::<ModelError>());
                model.is_some_and(Retryable::is_retryable)
            }
            _ => false,
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        self.source.as_ref()?.downcast_ref::<ModelError>()?.retry_after()
    }
}
