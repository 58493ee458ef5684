//! What a model gives.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Message, ToolCall};

/// A whole reply.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct ChatReply {
    /// What the model says.
    pub text: String,
    /// The tools that it wants to be called.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tool_calls: Vec<ToolCall>,
    /// Why it ended.
    pub finish: Finish,
    /// By which name the model answered, if it says: mostly the one that was asked for with a date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// What it used up.
    pub tokens: Tokens,
    /// What that cost, by the [prices](super::Prices) of the application.
    #[serde(default)]
    pub cost: f64,
}

impl ChatReply {
    /// A reply of these words.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// The tools that it wants to be called.
    #[must_use]
    pub fn tool_calls(self, tool_calls: Vec<ToolCall>) -> Self {
        Self { tool_calls, ..self }
    }

    /// Why it ended.
    #[must_use]
    pub fn finish(self, finish: Finish) -> Self {
        Self { finish, ..self }
    }

    /// By which name the model answered.
    #[must_use]
    pub fn model(self, name: impl Into<String>) -> Self {
        Self { model: Some(name.into()), ..self }
    }

    /// What it used up.
    #[must_use]
    pub fn tokens(self, tokens: Tokens) -> Self {
        Self { tokens, ..self }
    }

    /// What that cost.
    #[must_use]
    pub fn cost(self, cost: f64) -> Self {
        Self { cost, ..self }
    }

    /// The reply as a turn of the conversation, for the next request.
    pub fn to_message(&self) -> Message {
        Message::Assistant { text: self.text.clone(), tool_calls: self.tool_calls.clone() }
    }
}

/// Why a reply ended.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Finish {
    /// Nothing was left to say, or a [stop](super::ChatOptions::stop) was reached.
    #[default]
    Stop,
    /// It was as long as allowed; something may be missing.
    Length,
    /// It waits for tools.
    ToolCalls,
    /// The provider held something back.
    Filtered,
    /// The provider says something else.
    Other(String),
}

impl Finish {
    /// The reason in one word, as OpenTelemetry's `gen_ai.response.finish_reasons` has it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Stop => "stop",
            Self::Length => "length",
            Self::ToolCalls => "tool_call",
            Self::Filtered => "content_filter",
            Self::Other(reason) => reason,
        }
    }
}

/// Tokens that a call used up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Tokens {
    /// Those that the model read, the cached ones among them.
    pub input: u64,
    /// Those that it wrote, its thoughts among them.
    pub output: u64,
    /// Those of the input that the provider had kept from before.
    #[serde(default)]
    pub cached: u64,
}

impl Tokens {
    /// So many read and written.
    pub fn new(input: u64, output: u64) -> Self {
        Self { input, output, cached: 0 }
    }

    /// So many of those that were read had been kept from before.
    #[must_use]
    pub fn cached(self, cached: u64) -> Self {
        Self { cached, ..self }
    }
}
