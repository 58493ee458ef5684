//! What a server says of its tools.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A tool of a server. It is written and read as in the server's `tools/list`.
///
/// ```
/// use flowc_mcp::Tool;
///
/// let tool: Tool = serde_json::from_value(serde_json::json!({
///     "name": "forecast",
///     "inputSchema": { "type": "object", "properties": { "city": { "type": "string" } } },
///     "annotations": { "readOnlyHint": true },
/// }))?;
/// assert!(tool.is_repeatable());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Tool {
    /// By what it is called.
    pub name: String,
    /// By what people know it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The JSON Schema of its arguments.
    pub input_schema: Value,
    /// The JSON Schema of its structured result.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output_schema: Option<Value>,
    /// What it says of its effects.
    #[serde(default, rename = "annotations", skip_serializing_if = "ToolHints::is_empty")]
    pub hints: ToolHints,
}

impl Tool {
    /// Whether it may be called again with the same arguments: it says that it only reads, or that it is idempotent.
    pub fn is_repeatable(&self) -> bool {
        self.hints.read_only == Some(true) || self.hints.idempotent == Some(true)
    }
}

/// What a tool says of its effects. A server that is not trusted may say anything.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ToolHints {
    /// A title for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// It changes nothing.
    #[serde(default, rename = "readOnlyHint", skip_serializing_if = "Option::is_none")]
    pub read_only: Option<bool>,
    /// It may destroy something.
    #[serde(default, rename = "destructiveHint", skip_serializing_if = "Option::is_none")]
    pub destructive: Option<bool>,
    /// A second call with the same arguments changes nothing more.
    #[serde(default, rename = "idempotentHint", skip_serializing_if = "Option::is_none")]
    pub idempotent: Option<bool>,
    /// It reaches out into the world.
    #[serde(default, rename = "openWorldHint", skip_serializing_if = "Option::is_none")]
    pub open_world: Option<bool>,
}

impl ToolHints {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
