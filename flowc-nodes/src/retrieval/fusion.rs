//! One ranking of several.

use std::collections::HashMap;

use flowc::node;

use super::{Hit, RetrievalError, RetrievalErrorKind, best};

/// The `k` of reciprocal rank fusion: how little the very first places count before the others.
pub const RRF_K: f64 = 60.0;

/// Makes one ranking of several, such as one by words and one by vectors: reciprocal rank fusion.
///
/// A hit gets `1 / (60 + rank)` for each ranking that it is in, where the best has the rank 1. What is in several rankings rises. Scores
/// do not count, so that it does not matter that they cannot be compared. Hits are the same if source and range of their texts are;
/// twice in one ranking counts once.
///
/// Cormack, Clarke and Buettcher, "Reciprocal rank fusion outperforms Condorcet and individual rank learning methods", SIGIR 2009.
///
/// ```
/// use flowc_nodes::{Chunk, Hit, fuse};
///
/// let hit = |source: &str| Hit::new(Chunk::new(source, 0, source), 1.0);
/// let fused = fuse(&[vec![hit("a"), hit("b")], vec![hit("b"), hit("c")]], 10)?;
/// assert_eq!(fused[0].chunk.source, "b");
/// # Ok::<_, flowc_nodes::RetrievalError>(())
/// ```
///
/// # Errors
/// A limit of 0.
#[node]
pub fn fuse(rankings: &[Vec<Hit>], limit: usize) -> Result<Vec<Hit>, RetrievalError> {
    if limit == 0 {
        return Err(RetrievalErrorKind::NoLimit.into());
    }
    let (mut places, mut fused) = (HashMap::new(), Vec::<Hit>::new());
    for (ranking, hits) in rankings.iter().enumerate() {
        let mut rank = 0.0;
        for hit in hits {
            let key = (hit.chunk.source.as_str(), hit.chunk.range.clone());
            let (place, seen) = *places.entry(key.clone()).or_insert((fused.len(), None));
            if seen == Some(ranking) {
                continue;
            }
            places.insert(key, (place, Some(ranking)));
            rank += 1.0;
            let share = 1.0 / (RRF_K + rank);
            match fused.get_mut(place) {
                Some(hit) => hit.score += share,
                None => fused.push(Hit::new(hit.chunk.clone(), share)),
            }
        }
    }
    Ok(best(fused, limit))
}
