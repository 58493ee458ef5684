//! Texts with their source, whole and in pieces.

use std::ops::Range;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A text, and where it is from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Document {
    /// Where it is from, such as a path or a URL. Citations name it.
    pub source: String,
    /// What it says.
    pub text: String,
}

impl Document {
    /// A text from a source.
    pub fn new(source: impl Into<String>, text: impl Into<String>) -> Self {
        Self { source: source.into(), text: text.into() }
    }
}

/// A piece of a document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Chunk {
    /// The source of its document.
    pub source: String,
    /// What it says: the document's text in `range`.
    pub text: String,
    /// Where it stands in the document's text, in bytes.
    pub range: Range<usize>,
    /// In Markdown, the headings above its beginning, the outermost first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headings: Vec<String>,
}

impl Chunk {
    /// A piece of the document from `source`, which stands in its text at `start`, in bytes.
    pub fn new(source: impl Into<String>, start: usize, text: impl Into<String>) -> Self {
        let text = text.into();
        let range = start..start.saturating_add(text.len());
        Self { source: source.into(), text, range, headings: Vec::new() }
    }

    /// The headings above its beginning, the outermost first.
    #[must_use]
    pub fn headings(self, headings: Vec<String>) -> Self {
        Self { headings, ..self }
    }
}
