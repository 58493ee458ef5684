//! Prompts, resources and completions of a server.

use serde::{Deserialize, Serialize};

use super::Content;

/// A prompt that a server has.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Prompt {
    /// By what it is asked for.
    pub name: String,
    /// By what people know it.
    #[serde(default)]
    pub title: Option<String>,
    /// What it is for.
    #[serde(default)]
    pub description: Option<String>,
    /// What has to be filled in.
    #[serde(default)]
    pub arguments: Vec<PromptArgument>,
}

/// What has to be filled into a prompt.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PromptArgument {
    /// Its name.
    pub name: String,
    /// What it is for.
    #[serde(default)]
    pub description: Option<String>,
    /// Whether it has to be given.
    #[serde(default)]
    pub required: bool,
}

/// A prompt, filled in.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PromptResult {
    /// What it is for.
    #[serde(default)]
    pub description: Option<String>,
    /// The messages, in order.
    #[serde(default)]
    pub messages: Vec<PromptMessage>,
}

/// A message of a prompt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PromptMessage {
    /// Who says it: `user` or `assistant`.
    pub role: String,
    /// What is said.
    pub content: Content,
}

/// Something that a server lets others read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Resource {
    /// Its address.
    pub uri: String,
    /// Its name.
    pub name: String,
    /// By what people know it.
    #[serde(default)]
    pub title: Option<String>,
    /// What it is.
    #[serde(default)]
    pub description: Option<String>,
    /// Its MIME type.
    #[serde(default)]
    pub mime_type: Option<String>,
    /// How many bytes it has.
    #[serde(default)]
    pub size: Option<u64>,
}

/// Many resources, by a pattern of their addresses.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ResourceTemplate {
    /// The pattern of their addresses, as in RFC 6570.
    pub uri_template: String,
    /// Their name.
    pub name: String,
    /// What they are.
    #[serde(default)]
    pub description: Option<String>,
    /// Their MIME type.
    #[serde(default)]
    pub mime_type: Option<String>,
}

/// What could be written on.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Completion {
    /// The values.
    pub values: Vec<String>,
    /// How many there are.
    #[serde(default)]
    pub total: Option<u32>,
    /// Whether there are more.
    #[serde(default)]
    pub has_more: bool,
}
