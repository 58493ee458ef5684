//! What a tool gives.

use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::{McpError, McpErrorKind};

/// What a tool gave: text, pictures and more, and a structured value if it has one. A tool that failed gives one too:
/// [`success`](Self::success) makes an error of it.
///
/// ```no_run
/// # async fn example(weather: flowc_mcp::Server) -> Result<(), flowc_mcp::McpError> {
/// #[derive(serde::Deserialize)]
/// struct Forecast {
///     degrees: f64,
/// }
///
/// let result = weather.call("forecast", serde_json::json!({ "city": "Oslo" })).await?;
/// let forecast: Forecast = result.success()?.value()?;
/// println!("{} degrees", forecast.degrees);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ToolResult {
    /// What is meant for people and models.
    pub content: Vec<Content>,
    /// The structured value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub structured: Option<Value>,
    /// The tool failed; the content says why.
    #[serde(default)]
    pub is_error: bool,
    /// What the server said beside, such as `_meta` of other programs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meta: Option<Value>,
    /// Of which server.
    pub(crate) server: Arc<str>,
    /// Of which tool.
    pub(crate) tool: String,
}

impl ToolResult {
    /// All text of it, a line for each part.
    pub fn text(&self) -> String {
        let texts: Vec<_> = self.content.iter().filter_map(Content::as_text).collect();
        texts.join("\n")
    }

    /// The result itself, if the tool succeeded.
    ///
    /// # Errors
    /// What the tool said, if it failed.
    pub fn success(self) -> Result<Self, McpError> {
        if !self.is_error {
            return Ok(self);
        }
        let text = match self.text() {
            text if text.is_empty() => "it does not say why".to_owned(),
            text => text,
        };
        Err(McpError::new(&self.server, McpErrorKind::Tool { text }).of(&self.tool))
    }

    /// The structured value as a type; where a server gives none, its text is read as JSON.
    ///
    /// # Errors
    /// If it is not of that type.
    pub fn value<T: DeserializeOwned>(&self) -> Result<T, McpError> {
        let read = match &self.structured {
            Some(value) => T::deserialize(value),
            None => serde_json::from_str(&self.text()),
        };
        read.map_err(|error| {
            McpError::new(&self.server, McpErrorKind::Output { reason: error.to_string() }).of(&self.tool)
        })
    }
}

/// A part of a result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Content {
    /// Text.
    Text {
        /// The text.
        text: String,
    },
    /// A picture.
    Image {
        /// Its bytes in Base64.
        data: String,
        /// Its MIME type.
        #[serde(rename = "mimeType")]
        mime_type: String,
    },
    /// Sound.
    Audio {
        /// Its bytes in Base64.
        data: String,
        /// Its MIME type.
        #[serde(rename = "mimeType")]
        mime_type: String,
    },
    /// Where something can be read.
    ResourceLink {
        /// Its address.
        uri: String,
        /// Its name.
        name: String,
        /// Its MIME type.
        #[serde(default, rename = "mimeType", skip_serializing_if = "Option::is_none")]
        mime_type: Option<String>,
    },
    /// Something that was read.
    Resource {
        /// What was read.
        resource: ResourceContents,
    },
}

impl Content {
    /// The text, if it is text or holds one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text { text } => Some(text),
            Self::Resource { resource } => resource.text.as_deref(),
            _ => None,
        }
    }
}

/// What is at an address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ResourceContents {
    /// The address.
    pub uri: String,
    /// Its MIME type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mime_type: Option<String>,
    /// The text, if it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Its bytes in Base64, if it is no text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blob: Option<String>,
}
