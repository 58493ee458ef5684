//! What goes wrong with a model, and what to do about it.

use std::borrow::Cow;
use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use flowc::policy::Retryable;

/// Why there is no reply.
#[derive(Debug, Clone)]
pub struct ModelError {
    model: Arc<str>,
    kind: ModelErrorKind,
    source: Option<Arc<dyn Error + Send + Sync>>,
}

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ModelErrorKind {
    /// The configuration or the request cannot be meant so.
    Config {
        /// What is wrong with it.
        problem: String,
    },
    /// The provider does not want this key, or not for this.
    Unauthorized {
        /// 401 or 403.
        status: u16,
        /// What it says.
        said: String,
    },
    /// There is no such model, or nothing at this address.
    NotFound {
        /// What the provider says.
        said: String,
    },
    /// Too much was asked in too short a time.
    RateLimited {
        /// How long to wait, if the provider says it.
        retry_after: Option<Duration>,
        /// What it says.
        said: String,
    },
    /// Another answer of HTTP that is no reply.
    Status {
        /// Its number.
        status: u16,
        /// How long to wait, if the provider says it.
        retry_after: Option<Duration>,
        /// What it says.
        said: String,
    },
    /// There was no connection, or it broke before an answer.
    Connect,
    /// The reply broke off in the middle.
    Cut,
    /// Nothing came for too long.
    Timeout {
        /// For so long.
        limit: Duration,
    },
    /// The reply is longer than allowed.
    TooLarge {
        /// So many bytes are allowed.
        limit: usize,
    },
    /// The answer is no reply.
    Garbled {
        /// What is wrong with it.
        reason: String,
    },
    /// A model in this process cannot be computed.
    Compute {
        /// What is wrong.
        reason: String,
    },
    /// The provider held the reply back.
    Filtered,
    /// The reply is as long as it may be, and not whole.
    Truncated,
    /// The reply was not what was asked for, and was not when it was asked for again.
    Schema {
        /// What is wrong with it, each with the place in the reply.
        problems: Vec<String>,
    },
}

impl ModelError {
    /// An error of a model.
    pub fn new(model: impl Into<Arc<str>>, kind: ModelErrorKind) -> Self {
        Self { model: model.into(), kind, source: None }
    }

    /// What is behind it.
    #[must_use]
    pub fn because(self, source: impl Error + Send + Sync + 'static) -> Self {
        Self { source: Some(Arc::new(source)), ..self }
    }

    /// The model that was asked.
    pub fn model(&self) -> &str {
        &self.model
    }

    /// What went wrong.
    pub fn kind(&self) -> &ModelErrorKind {
        &self.kind
    }

    /// What went wrong, in a word of which there are few: the number of HTTP where there is one. Spans and metrics have it as `error.type`.
    pub fn class(&self) -> Cow<'static, str> {
        Cow::Borrowed(match &self.kind {
            ModelErrorKind::Unauthorized { status, .. } | ModelErrorKind::Status { status, .. } => {
                return Cow::Owned(status.to_string());
            }
            ModelErrorKind::NotFound { .. } => "404",
            ModelErrorKind::RateLimited { .. } => "429",
            ModelErrorKind::Config { .. } => "config",
            ModelErrorKind::Connect => "connect",
            ModelErrorKind::Cut => "cut",
            ModelErrorKind::Timeout { .. } => "timeout",
            ModelErrorKind::TooLarge { .. } => "too_large",
            ModelErrorKind::Garbled { .. } => "garbled",
            ModelErrorKind::Compute { .. } => "compute",
            ModelErrorKind::Filtered => "filtered",
            ModelErrorKind::Truncated => "truncated",
            ModelErrorKind::Schema { .. } => "schema",
        })
    }

    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match &self.kind {
            ModelErrorKind::Config { .. } => "change the configuration of the model, or the request",
            ModelErrorKind::Unauthorized { .. } => "look whether the key is whole, still holds, and may use this model",
            ModelErrorKind::NotFound { .. } => "look at the name of the model, and at the base URL with its version",
            ModelErrorKind::RateLimited { .. } => {
                "let `retry` wait as long as the provider says, and `rate(tokens = .., per = \"1m\")` keep below its limit"
            }
            ModelErrorKind::Status { status: 500.., .. } => {
                "it is the provider's trouble: give the step a `retry`, or another model as its `fallback`"
            }
            ModelErrorKind::Status { .. } => "the provider does not take this request: it says why",
            ModelErrorKind::Connect => "look at the address and the network; a `retry` bridges short outages",
            ModelErrorKind::Cut => "a `retry` asks again; what came so far was told to listeners, but is not the reply",
            ModelErrorKind::Timeout { .. } => "raise the model's `idle_timeout`, or give the step a `retry`",
            ModelErrorKind::TooLarge { .. } => "bound the reply with `max_tokens`, or raise the model's `max_reply`",
            ModelErrorKind::Garbled { .. } => "look whether this server speaks the protocol of this provider",
            ModelErrorKind::Compute { .. } => "look whether the files of the model are whole and belong together",
            ModelErrorKind::Filtered => "the provider's rules forbid it: change what is asked",
            ModelErrorKind::Truncated => "raise `max_tokens`, or ask for less at once",
            ModelErrorKind::Schema { .. } => {
                "describe the fields in the doc comments of the type, or take a larger model"
            }
        }
    }
}

impl fmt::Display for ModelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "model `{}`: {}", self.model, self.kind)?;
        match self.kind {
            // What is wrong with a configuration says how it is to be.
            ModelErrorKind::Config { .. } => Ok(()),
            _ => write!(f, "; {}", self.help()),
        }
    }
}

impl fmt::Display for ModelErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let told = |said: &str| if said.is_empty() { String::new() } else { format!(": {said}") };
        match self {
            Self::Config { problem } => f.write_str(problem),
            Self::Unauthorized { status, said } => write!(f, "the key is refused (HTTP {status}){}", told(said)),
            Self::NotFound { said } => write!(f, "it is not there (HTTP 404){}", told(said)),
            Self::RateLimited { retry_after: Some(wait), said } => {
                write!(f, "too many requests (HTTP 429), again in {wait:?}{}", told(said))
            }
            Self::RateLimited { retry_after: None, said } => write!(f, "too many requests (HTTP 429){}", told(said)),
            Self::Status { status, said, .. } => write!(f, "the provider answers with HTTP {status}{}", told(said)),
            Self::Connect => f.write_str("the provider cannot be reached"),
            Self::Cut => f.write_str("the reply broke off in the middle"),
            Self::Timeout { limit } => write!(f, "nothing came for {limit:?}"),
            Self::TooLarge { limit } => write!(f, "the reply is longer than {limit} bytes"),
            Self::Garbled { reason } => write!(f, "the answer is no reply: {reason}"),
            Self::Compute { reason } => write!(f, "it cannot be computed: {reason}"),
            Self::Filtered => f.write_str("the provider held the reply back"),
            Self::Truncated => f.write_str("the reply is as long as it may be, and not whole"),
            Self::Schema { problems } => {
                write!(f, "the reply is not what was asked for, also when asked again: {}", problems.join("; "))
            }
        }
    }
}

impl Error for ModelError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_ref().map(|source| &**source as &(dyn Error + 'static))
    }
}

impl Retryable for ModelError {
    fn is_retryable(&self) -> bool {
        match &self.kind {
            ModelErrorKind::RateLimited { .. }
            | ModelErrorKind::Connect
            | ModelErrorKind::Cut
            | ModelErrorKind::Timeout { .. } => true,
            // 409 and 425 are sent by providers for what passes, and 529 by Anthropic when it has too much to do.
            ModelErrorKind::Status { status, .. } => matches!(status, 408 | 409 | 425 | 500..),
            _ => false,
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        match &self.kind {
            ModelErrorKind::RateLimited { retry_after, .. } | ModelErrorKind::Status { retry_after, .. } => {
                *retry_after
            }
            _ => None,
        }
    }
}
