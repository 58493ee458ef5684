//! How large the pieces are.

use std::error::Error;
use std::fmt;

use flowc::policy::Retryable;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How large pieces may be, and how much of one is said again in the next.
///
/// ```
/// use flowc_nodes::SplitOptions;
///
/// let options = SplitOptions::characters(1_000).overlap(100);
/// assert_eq!((options.size, options.overlap), (1_000, 100));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct SplitOptions {
    /// The largest piece, in `unit`. A single character that is larger, as one of several tokens may be, is a piece of its own.
    pub size: usize,
    /// So much of the end of a piece may be the beginning of the next, in `unit`. Less than `size`.
    #[serde(default)]
    pub overlap: usize,
    /// What is counted.
    #[serde(default)]
    pub unit: Unit,
}

impl SplitOptions {
    /// Pieces of at most so many characters.
    pub fn characters(size: usize) -> Self {
        Self { size, overlap: 0, unit: Unit::Characters }
    }

    /// Pieces of at most so many tokens.
    #[cfg(feature = "tokens")]
    pub fn tokens(size: usize, vocabulary: Vocabulary) -> Self {
        Self { size, overlap: 0, unit: Unit::Tokens(vocabulary) }
    }

    /// So much of the end of a piece may be the beginning of the next.
    #[must_use]
    pub fn overlap(self, overlap: usize) -> Self {
        Self { overlap, ..self }
    }

    pub(super) fn check(self) -> Result<(), SplitError> {
        let Self { size, overlap, .. } = self;
        match size {
            0 => Err(SplitError::Empty),
            _ if overlap >= size => Err(SplitError::Overlap { size, overlap }),
            _ => Ok(()),
        }
    }
}

/// What the size of a piece is counted in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Unit {
    /// Characters of Unicode.
    #[default]
    Characters,
    /// Tokens, as a model counts them.
    #[cfg(feature = "tokens")]
    Tokens(Vocabulary),
}

impl Unit {
    /// How long a text is.
    pub fn count(self, text: &str) -> usize {
        match self {
            Self::Characters => text.chars().count(),
            #[cfg(feature = "tokens")]
            Self::Tokens(vocabulary) => vocabulary.tokenizer().count_ordinary(text),
        }
    }
}

/// The tokens of a family of models. The vocabulary is part of the program: nothing is fetched.
#[cfg(feature = "tokens")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Vocabulary {
    /// GPT-4, GPT-3.5, and the embeddings `text-embedding-3-*`.
    Cl100kBase,
    /// GPT-4o, GPT-4.1, GPT-5 and the o-models.
    O200kBase,
}

#[cfg(feature = "tokens")]
impl Vocabulary {
    fn tokenizer(self) -> &'static tiktoken_rs::CoreBPE {
        match self {
            Self::Cl100kBase => tiktoken_rs::cl100k_base_singleton(),
            Self::O200kBase => tiktoken_rs::o200k_base_singleton(),
        }
    }
}

/// A language whose syntax is known.
#[cfg(feature = "code")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CodeLanguage {
    /// Python.
    Python,
    /// Rust.
    Rust,
}

#[cfg(feature = "code")]
impl CodeLanguage {
    pub(super) fn grammar(self) -> tree_sitter_language::LanguageFn {
        match self {
            Self::Python => tree_sitter_python::LANGUAGE,
            Self::Rust => tree_sitter_rust::LANGUAGE,
        }
    }
}

/// Why a document is not split.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SplitError {
    /// Pieces of nothing.
    Empty,
    /// Each piece would begin where the one before began, or before that.
    Overlap {
        /// The largest piece.
        size: usize,
        /// What is said again.
        overlap: usize,
    },
    /// The syntax of a language cannot be used.
    Grammar {
        /// Why.
        reason: String,
    },
}

impl fmt::Display for SplitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the size of the pieces is 0; give `size` at least 1"),
            Self::Overlap { size, overlap } => write!(
                f,
                "the overlap of {overlap} is not smaller than the size of {size}; make `overlap` smaller, or `size` larger"
            ),
            Self::Grammar { reason } => write!(f, "the grammar of the language cannot be used: {reason}"),
        }
    }
}

impl Error for SplitError {}

impl Retryable for SplitError {
    fn is_retryable(&self) -> bool {
        false
    }
}
