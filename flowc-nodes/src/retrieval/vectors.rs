//! Vectors in memory.

use std::collections::HashMap;
use std::fmt;
use std::ops::Range;
use std::sync::{PoisonError, RwLock};

use super::store::{even, fits};
use super::{Adding, Hit, RetrievalError, RetrievalErrorKind, Searching, VectorStore};
use crate::document::Chunk;

/// A store in memory that compares with every vector: exact, and quick enough for some tens of thousands.
///
/// ```
/// use flowc_nodes::{Chunk, VectorStore, Vectors};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), flowc_nodes::RetrievalError> {
/// let store = Vectors::new();
/// store.add(&[Chunk::new("a", 0, "north"), Chunk::new("b", 0, "east")], &[vec![0.0, 1.0], vec![1.0, 0.0]]).await?;
/// assert_eq!(store.search(&[0.1, 3.0], 1).await?[0].chunk.text, "north");
/// # Ok(())
/// # }
/// ```
#[derive(Default)]
pub struct Vectors(RwLock<Kept>);

#[derive(Default)]
struct Kept {
    length: Option<usize>,
    all: Vec<(Chunk, Vec<f32>)>,
    places: HashMap<(String, Range<usize>), usize>,
}

impl fmt::Debug for Vectors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vectors").field("len", &self.len()).finish_non_exhaustive()
    }
}

impl Vectors {
    /// An empty store. Its first vector decides on the length of all.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many texts there are.
    pub fn len(&self) -> usize {
        self.0.read().unwrap_or_else(PoisonError::into_inner).all.len()
    }

    /// Whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn put(&self, chunks: &[Chunk], vectors: &[Vec<f32>]) -> Result<(), RetrievalError> {
        let mut kept = self.0.write().unwrap_or_else(PoisonError::into_inner);
        kept.length = even(chunks, vectors, kept.length)?;
        for (chunk, vector) in chunks.iter().zip(vectors) {
            let entry = (chunk.clone(), unit(vector));
            let (next, key) = (kept.all.len(), (chunk.source.clone(), chunk.range.clone()));
            let place = *kept.places.entry(key).or_insert(next);
            match kept.all.get_mut(place) {
                Some(old) => *old = entry,
                None => kept.all.push(entry),
            }
        }
        Ok(())
    }

    fn find(&self, vector: &[f32], limit: usize) -> Result<Vec<Hit>, RetrievalError> {
        if limit == 0 {
            return Err(RetrievalErrorKind::NoLimit.into());
        }
        let kept = self.0.read().unwrap_or_else(PoisonError::into_inner);
        fits(vector, kept.length)?;
        let vector = unit(vector);
        let mut found: Vec<_> = kept.all.iter().map(|(chunk, other)| (chunk, dot(&vector, other))).collect();
        found.sort_by(|a, b| b.1.total_cmp(&a.1));
        Ok(found.into_iter().take(limit).map(|(chunk, score)| Hit::new(chunk.clone(), score)).collect())
    }
}

impl VectorStore for Vectors {
    fn add<'a>(&'a self, chunks: &'a [Chunk], vectors: &'a [Vec<f32>]) -> Adding<'a> {
        Box::pin(async move { self.put(chunks, vectors) })
    }

    fn search<'a>(&'a self, vector: &'a [f32], limit: usize) -> Searching<'a> {
        Box::pin(async move { self.find(vector, limit) })
    }
}

/// The same direction with the length 1. The largest number is divided out first, so that no square is too large or too small.
fn unit(vector: &[f32]) -> Vec<f32> {
    let most = vector.iter().fold(0.0_f64, |most, number| most.max(f64::from(number.abs())));
    let scaled = || vector.iter().map(|number| f64::from(*number) / most);
    let length = scaled().map(|number| number * number).sum::<f64>().sqrt();
    #[expect(clippy::cast_possible_truncation, reason = "they are between -1 and 1")]
    scaled().map(|number| (number / length) as f32).collect()
}

fn dot(a: &[f32], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
}
