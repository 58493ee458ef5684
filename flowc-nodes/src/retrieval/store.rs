//! The seam for stores of vectors.

use std::future::Future;
use std::pin::Pin;

use flowc::node;

use super::{Hit, RetrievalError, RetrievalErrorKind};
use crate::document::Chunk;

/// Texts on their way into a store.
pub type Adding<'a> = Pin<Box<dyn Future<Output = Result<(), RetrievalError>> + Send + 'a>>;

/// Hits on their way.
pub type Searching<'a> = Pin<Box<dyn Future<Output = Result<Vec<Hit>, RetrievalError>> + Send + 'a>>;

/// Keeps texts with their vectors, and finds those near to a vector. As an object it is a resource:
/// `store: Box<dyn VectorStore>`. [`Vectors`](crate::Vectors) is one in memory.
pub trait VectorStore: Send + Sync {
    /// Adds texts with their vectors, one for each, in the same order. A text whose source and range are there already is replaced.
    ///
    /// # Errors
    /// Vectors that do not fit; for stores outside of the process, all that can be wrong with them. Of vectors that do
    /// not fit none is added.
    fn add<'a>(&'a self, chunks: &'a [Chunk], vectors: &'a [Vec<f32>]) -> Adding<'a>;

    /// The texts whose vectors point most nearly into the same direction, at most `limit`, the best first. The score is the cosine.
    ///
    /// # Errors
    /// A vector that does not fit, a limit of 0; for stores outside of the process, all that can be wrong with them.
    fn search<'a>(&'a self, vector: &'a [f32], limit: usize) -> Searching<'a>;
}

/// Adds texts with their vectors to the application's store: a step.
///
/// # Errors
/// See [`VectorStore::add`].
#[node]
pub async fn add_vectors(
    chunks: &[Chunk],
    vectors: &[Vec<f32>],
    #[resource] store: &dyn VectorStore,
) -> Result<(), RetrievalError> {
    store.add(chunks, vectors).await
}

/// Searches the application's store for the texts nearest to a vector: a step.
///
/// # Errors
/// See [`VectorStore::search`].
#[node]
pub async fn search_vectors(
    vector: &[f32],
    limit: usize,
    #[resource] store: &dyn VectorStore,
) -> Result<Vec<Hit>, RetrievalError> {
    store.search(vector, limit).await
}

/// The length that all vectors have, if there is any; `expected` is that of those that are there already.
pub(super) fn even(
    chunks: &[Chunk],
    vectors: &[Vec<f32>],
    mut expected: Option<usize>,
) -> Result<Option<usize>, RetrievalError> {
    if chunks.len() != vectors.len() {
        return Err(RetrievalErrorKind::Count { chunks: chunks.len(), vectors: vectors.len() }.into());
    }
    for vector in vectors {
        expected = Some(fits(vector, expected)?);
    }
    Ok(expected)
}

/// The length of a vector that fits.
pub(super) fn fits(vector: &[f32], expected: Option<usize>) -> Result<usize, RetrievalError> {
    let found = vector.len();
    if let Some(expected) = expected.filter(|expected| *expected != found) {
        return Err(RetrievalErrorKind::Dimensions { expected, found }.into());
    }
    let finite = vector.iter().all(|number| number.is_finite());
    if finite && vector.iter().any(|number| *number != 0.0) {
        Ok(found)
    } else {
        Err(RetrievalErrorKind::NoDirection.into())
    }
}
