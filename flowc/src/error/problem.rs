use std::error::Error;
use std::fmt;
use std::time::Duration;

use super::json::Object;
use super::{Failure, FailureKind, text};

/// A failure as `application/problem+json` ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457)), for an HTTP interface.
///
/// `Display` writes the JSON. With the feature `serde` it can be serialised and read back as well. It contains the text of the
/// node's own error, and nothing else of what went through the run: no inputs and no outputs.
///
/// ```
/// use flowc::{Failure, Problem};
///
/// fn respond(failure: &Failure) -> (u16, &'static str, String) {
///     let problem = failure.problem();
///     (problem.status, Problem::MEDIA_TYPE, problem.to_string())
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Problem {
    /// What kind of problem it is: `urn:flowc:failure:timeout`, say. The member `type`.
    #[cfg_attr(feature = "serde", serde(rename = "type"))]
    pub type_uri: String,
    /// The kind in words, the same for each problem of the kind.
    pub title: String,
    /// The HTTP status that fits, for a server that has nothing better to say.
    pub status: u16,
    /// What happened this time, with the text of the node's own error.
    pub detail: String,
    /// The run, as `urn:uuid:` and its id.
    pub instance: String,
    /// The kind of the failure.
    pub kind: FailureKind,
    /// The workflow that the run is of.
    pub workflow: String,
    /// The path of the step.
    pub step: String,
    /// The node, or the workflow where the failure is not that of a node.
    pub node: String,
    /// The version of the node.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub version: Option<String>,
    /// How many times the node was called.
    pub attempts: u32,
    /// How long the step had been running, in milliseconds.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub elapsed_ms: Option<u64>,
    /// What a person can do about it.
    pub help: String,
    /// What caused the node's own error, what caused that, and so on.
    #[cfg_attr(feature = "serde", serde(default))]
    pub causes: Vec<String>,
    /// The steps that were running when the run was cancelled or its time was up.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Vec::is_empty"))]
    pub cancelled_steps: Vec<String>,
    /// What the caller gave the run to be found by elsewhere.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub correlation_id: Option<String>,
    /// After how many seconds another try may succeed, as in the header `Retry-After`.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub retry_after: Option<u64>,
}

impl Problem {
    /// The media type of the JSON.
    pub const MEDIA_TYPE: &'static str = "application/problem+json";
}

impl<E: Error + 'static> Failure<E> {
    /// The failure as `application/problem+json`. It never panics, even if the node's own error does.
    pub fn problem(&self) -> Problem {
        let (kind, mut causes) = (self.kind(), text::all(self.chain()));
        // The first is the node's own error, which `detail` says.
        causes.drain(..causes.len().min(1));
        Problem {
            type_uri: format!("urn:flowc:failure:{kind}"),
            title: kind.title().to_owned(),
            status: kind.status(),
            detail: text::safely(|| self.to_string()),
            instance: format!("urn:uuid:{}", self.run_id()),
            kind,
            workflow: self.workflow().to_owned(),
            step: self.step().to_owned(),
            node: self.node().to_owned(),
            version: self.node_version().map(str::to_owned),
            attempts: self.attempts(),
            elapsed_ms: self.elapsed().map(|elapsed| u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX)),
            help: self.help().to_owned(),
            causes,
            cancelled_steps: self.cancelled_steps().to_vec(),
            correlation_id: self.correlation_id().map(str::to_owned),
            retry_after: self.retry_after().map(seconds),
        }
    }
}

/// Whole seconds, never too few.
fn seconds(wait: Duration) -> u64 {
    wait.as_secs().saturating_add(u64::from(wait.subsec_nanos() > 0))
}

impl FailureKind {
    /// The kind in words, as the title of a problem.
    fn title(self) -> &'static str {
        match self {
            Self::Error => "A step of the workflow failed",
            Self::Timeout => "The workflow took too long",
            Self::Panic => "A step of the workflow broke",
            Self::Cancelled => "The run of the workflow was cancelled",
            Self::Breaker => "What the workflow needs is out of order for now",
            Self::Rate => "The workflow asks for too much at once",
            Self::Concurrency => "The workflow is too busy",
            Self::Shutdown => "The workflow engine is shutting down",
            Self::Rounds => "A loop of the workflow came to no end",
            Self::Runtime => "The workflow could not be run here",
            Self::Journal => "The run of the workflow could not be kept",
            Self::TakenOver => "The run of the workflow goes on elsewhere",
            Self::Internal => "The workflow engine has a bug",
        }
    }

    fn status(self) -> u16 {
        match self {
            Self::Timeout => 504,
            Self::Rate => 429,
            // Nothing is wrong with the request, and it may work elsewhere or later.
            Self::Cancelled | Self::Breaker | Self::Concurrency | Self::Shutdown | Self::Journal | Self::TakenOver => {
                503
            }
            Self::Error | Self::Panic | Self::Rounds | Self::Runtime | Self::Internal => 500,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut object = Object::open(f)?;
        object.text("type", &self.type_uri)?;
        object.text("title", &self.title)?;
        object.number("status", self.status.into())?;
        object.text("detail", &self.detail)?;
        object.text("instance", &self.instance)?;
        object.text("kind", self.kind.as_str())?;
        object.text("workflow", &self.workflow)?;
        object.text("step", &self.step)?;
        object.text("node", &self.node)?;
        object.maybe_text("version", self.version.as_deref())?;
        object.number("attempts", self.attempts.into())?;
        object.maybe_number("elapsed_ms", self.elapsed_ms)?;
        object.text("help", &self.help)?;
        object.texts("causes", &self.causes)?;
        if !self.cancelled_steps.is_empty() {
            object.texts("cancelled_steps", &self.cancelled_steps)?;
        }
        object.maybe_text("correlation_id", self.correlation_id.as_deref())?;
        object.maybe_number("retry_after", self.retry_after)?;
        object.close()
    }
}
