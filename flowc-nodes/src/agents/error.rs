use std::fmt;

use serde::{Deserialize, Serialize};

/// Why an agent gave up. At one of its limits, what it used up until then is in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum AgentError {
    /// It wants to go on, and has used up its tokens.
    Tokens {
        /// Those that were used.
        used: u64,
        /// Those that were allowed.
        allowed: u64,
    },
    /// It wants to go on, and has spent its money.
    Cost {
        /// What was spent.
        used: f64,
        /// What was allowed.
        allowed: f64,
    },
    /// It asks for more calls of tools than are left.
    Calls {
        /// Those that were made, and those that it asks for.
        used: usize,
        /// Those that were allowed.
        allowed: usize,
    },
    /// Its answer was cut by `max_tokens`.
    Truncated,
    /// The provider held its answer back.
    Filtered,
}

impl fmt::Display for AgentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tokens { used, allowed } => {
                write!(
                    f,
                    "the agent has used {used} tokens of {allowed}, and is not done; allow more with `AgentLimits::tokens`"
                )
            }
            Self::Cost { used, allowed } => {
                write!(
                    f,
                    "the agent has spent {used:.4} of {allowed:.4}, and is not done; allow more with `AgentLimits::cost`"
                )
            }
            Self::Calls { used, allowed } => {
                write!(
                    f,
                    "the agent asks for {used} calls of tools, and {allowed} are allowed; allow more with `AgentLimits::calls`"
                )
            }
            Self::Truncated => {
                f.write_str("the agent's answer was cut off; allow longer ones with `ChatOptions::max_tokens`")
            }
            Self::Filtered => f.write_str("the provider held the agent's answer back"),
        }
    }
}

impl std::error::Error for AgentError {}

/// Why a call of a tool gave nothing. The model is told of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToolError {
    /// The tool, as the model called it.
    pub tool: String,
    /// What kind of error it is.
    pub kind: ToolErrorKind,
    /// What happened.
    pub message: String,
}

/// What kind of [`ToolError`] it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum ToolErrorKind {
    /// There is no such tool.
    Unknown,
    /// The tool does not take these arguments; it was not called.
    Arguments,
    /// Whoever was asked does not allow the call; it was not made.
    Denied,
    /// The tool failed.
    Failed,
    /// What it gave is too long.
    TooLong,
}

impl fmt::Display for ToolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "tool `{}`: {}", self.tool, self.message)
    }
}

impl std::error::Error for ToolError {}
