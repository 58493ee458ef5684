//! What is said in a conversation.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One turn of a conversation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "role", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Message {
    /// What a person says and shows.
    User {
        /// Texts and images, in their order.
        content: Vec<Part>,
    },
    /// What the model said before.
    Assistant {
        /// Its words.
        text: String,
        /// The tools that it wanted to be called.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        tool_calls: Vec<ToolCall>,
    },
    /// What a tool gave.
    Tool {
        /// The [id](ToolCall::id) of the call that it answers.
        call: String,
        /// The name of the tool.
        name: String,
        /// What it gave, or why it failed: the model reads it as it is.
        content: String,
    },
}

impl Message {
    /// What a person says.
    pub fn user(text: impl Into<String>) -> Self {
        Self::User { content: vec![Part::text(text)] }
    }

    /// What the model said before.
    pub fn assistant(text: impl Into<String>) -> Self {
        Self::Assistant { text: text.into(), tool_calls: Vec::new() }
    }

    /// The answer of a tool to a call.
    pub fn tool(call: &ToolCall, content: impl Into<String>) -> Self {
        Self::Tool { call: call.id.clone(), name: call.name.clone(), content: content.into() }
    }
}

/// A part of what a person says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Part {
    /// Words.
    Text {
        /// They themselves.
        text: String,
    },
    /// An image, sent along.
    Image {
        /// What it is, such as `image/png`.
        mime_type: String,
        /// Its bytes, in base64.
        data: String,
    },
    /// An image that the provider fetches.
    ImageUrl {
        /// Where it is.
        url: String,
        /// What it is, such as `image/png`.
        mime_type: String,
    },
}

impl Part {
    /// Words.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text { text: text.into() }
    }
}

/// A call of a tool, as the model wants it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct ToolCall {
    /// By which the answer finds back to the call.
    pub id: String,
    /// The name of the tool.
    pub name: String,
    /// Its arguments. The model may have made them up: compare them with the schema of the tool.
    pub arguments: Value,
}

impl ToolCall {
    /// A call.
    pub fn new(id: impl Into<String>, name: impl Into<String>, arguments: Value) -> Self {
        Self { id: id.into(), name: name.into(), arguments }
    }
}
