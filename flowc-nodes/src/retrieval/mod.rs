//! Finding pieces of text: by their words, by their vectors, and by both.

mod dedup;
mod error;
mod fusion;
#[cfg(feature = "qdrant")]
mod qdrant;
mod reranking;
mod store;
#[cfg(test)]
mod tests;
mod vectors;
mod words;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::document::Chunk;

pub use dedup::deduplicate;
pub use error::{RetrievalError, RetrievalErrorKind};
pub use fusion::{RRF_K, fuse};
#[cfg(feature = "qdrant")]
pub use qdrant::Qdrant;
pub use reranking::{ModelReranker, Reranker, Reranking, rerank};
pub use store::{Adding, Searching, VectorStore, add_vectors, search_vectors};
pub use vectors::Vectors;
pub use words::{WordIndex, search_words};

/// A piece of text that was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Hit {
    /// What was found.
    pub chunk: Chunk,
    /// How well it fits: more is better. Scores of different searches cannot be compared.
    pub score: f64,
}

impl Hit {
    /// A piece that fits so well.
    pub fn new(chunk: Chunk, score: f64) -> Self {
        Self { chunk, score }
    }
}

/// The best first; those that are equally good stay in the order in which they came.
fn best(mut hits: Vec<Hit>, limit: usize) -> Vec<Hit> {
    hits.sort_by(|a, b| b.score.total_cmp(&a.score));
    hits.truncate(limit);
    hits
}
