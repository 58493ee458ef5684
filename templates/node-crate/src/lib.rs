//! Nodes for [flowc](https://docs.rs/flowc-engine): what they do, and what they need.
//!
//! ```
//! use example_nodes::{Dictionary, Entry, define};
//! use flowc::{Resources, workflow};
//!
//! workflow! {
//!     fn explain(word: String) -> String {
//!         let entry = define(&word);
//!         format!("{}: {}", entry.word, entry.meaning)
//!     }
//! }
//!
//! #[derive(Resources)]
//! struct App {
//!     dictionary: Dictionary,
//! }
//!
//! let app = App { dictionary: Dictionary::of([("node", "a step that somebody wrote once")]) };
//! assert_eq!(explain("node".to_owned()).run_blocking(&app)?, "node: a step that somebody wrote once");
//! # Ok::<(), flowc::Failure>(())
//! ```

use std::collections::BTreeMap;

use flowc::{Context, node};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

#[cfg(feature = "register")]
mod register;

#[cfg(feature = "register")]
pub use register::register;

/// What [`define`](define()) looks into: a resource of the application.
#[derive(Debug, Clone, Default)]
pub struct Dictionary(BTreeMap<String, String>);

impl Dictionary {
    /// A dictionary of these words and what they mean.
    pub fn of<W: Into<String>, M: Into<String>>(entries: impl IntoIterator<Item = (W, M)>) -> Self {
        Self(entries.into_iter().map(|(word, meaning)| (word.into(), meaning.into())).collect())
    }
}

/// A word and what it means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Entry {
    /// The word, as the dictionary spells it.
    pub word: String,
    /// What it means.
    pub meaning: String,
}

/// Why there is no entry.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum DefineError {
    /// The dictionary does not have the word.
    #[error("the dictionary has no `{word}`; add it, or ask for another word")]
    Unknown {
        /// The word.
        word: String,
    },
}

/// Looks a word up.
///
/// # Errors
/// [`DefineError::Unknown`], if the dictionary does not have it.
#[node(version = "1.0.0")]
pub async fn define(
    /// The word, in lower case.
    word: &str,
    #[resource] dictionary: &Dictionary,
    #[context] cx: &Context,
) -> Result<Entry, DefineError> {
    cx.progress(0, 1);
    let found = dictionary.0.get(word);
    cx.progress(1, 1);
    match found {
        Some(meaning) => Ok(Entry { word: word.to_owned(), meaning: meaning.clone() }),
        None => Err(DefineError::Unknown { word: word.to_owned() }),
    }
}

#[cfg(test)]
mod tests {
    use flowc::testing;

    use super::{DefineError, Dictionary, Entry, define};

    // A node is a function: it is called.
    #[tokio::test]
    async fn a_known_word_is_defined() {
        let (dictionary, cx) = (Dictionary::of([("node", "a step")]), testing::context());
        let entry = define("node", &dictionary, &cx).await;
        assert_eq!(entry, Ok(Entry { word: "node".to_owned(), meaning: "a step".to_owned() }));
        assert_eq!(cx.last_progress(), Some((1, 1)));
    }

    #[tokio::test]
    async fn an_unknown_word_says_what_to_do() {
        let error = define("edge", &Dictionary::default(), &testing::context()).await.unwrap_err();
        assert_eq!(error, DefineError::Unknown { word: "edge".to_owned() });
        assert_eq!(error.to_string(), "the dictionary has no `edge`; add it, or ask for another word");
    }
}
