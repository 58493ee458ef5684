//! Search by words: BM25, as Robertson and Zaragoza (2009) describe it.

use std::collections::HashMap;

use flowc::node;

use super::{Hit, RetrievalError, RetrievalErrorKind, best};
use crate::document::Chunk;

/// How soon one more of the same word stops to count.
const K1: f64 = 1.2;
/// How much a long text is held against it.
const B: f64 = 0.75;

/// Texts by their words. As a resource, it is what [`search_words`](search_words()) looks into.
///
/// Words are runs of letters and digits in lower case; there are no stems and no stop words.
///
/// ```
/// use flowc_nodes::{Chunk, WordIndex};
///
/// let index = WordIndex::new([Chunk::new("a", 0, "Cats sleep."), Chunk::new("b", 0, "Dogs bark.")]);
/// assert_eq!(index.search("Which cats?", 5)?[0].chunk.source, "a");
/// # Ok::<_, flowc_nodes::RetrievalError>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct WordIndex {
    chunks: Vec<Chunk>,
    lengths: Vec<u32>,
    total: u64,
    /// For each word, the texts that have it, and how often.
    postings: HashMap<String, Vec<(usize, u32)>>,
}

impl WordIndex {
    /// An index of these texts.
    pub fn new(chunks: impl IntoIterator<Item = Chunk>) -> Self {
        let mut index = Self::default();
        index.extend(chunks);
        index
    }

    /// How many texts there are.
    pub fn len(&self) -> usize {
        self.chunks.len()
    }

    /// Whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.chunks.is_empty()
    }

    /// The texts that fit best to the words of a query, at most `limit`. A text without any of the words is not among them.
    ///
    /// # Errors
    /// A query without a word, and a limit of 0.
    pub fn search(&self, query: &str, limit: usize) -> Result<Vec<Hit>, RetrievalError> {
        let mut wanted: Vec<String> = words(query).collect();
        wanted.sort_unstable();
        wanted.dedup();
        if wanted.is_empty() {
            return Err(RetrievalErrorKind::EmptyQuery.into());
        }
        if limit == 0 {
            return Err(RetrievalErrorKind::NoLimit.into());
        }
        let count = real(self.chunks.len() as u64);
        let mean = real(self.total) / count.max(1.0);
        let mut scores = vec![0.0; self.chunks.len()];
        for postings in wanted.iter().filter_map(|word| self.postings.get(word)) {
            let having = real(postings.len() as u64);
            let rare = (1.0 + (count - having + 0.5) / (having + 0.5)).ln();
            for &(at, often) in postings {
                let (Some(score), Some(&length)) = (scores.get_mut(at), self.lengths.get(at)) else { continue };
                let often = f64::from(often);
                let long = 1.0 - B + B * f64::from(length) / mean;
                *score += rare * often * (K1 + 1.0) / (often + K1 * long);
            }
        }
        let found = self.chunks.iter().zip(scores).filter(|(_, score)| *score > 0.0);
        let mut found: Vec<_> = found.collect();
        found.sort_by(|a, b| b.1.total_cmp(&a.1));
        let hits = found.into_iter().take(limit).map(|(chunk, score)| Hit::new(chunk.clone(), score));
        Ok(best(hits.collect(), limit))
    }
}

impl Extend<Chunk> for WordIndex {
    fn extend<I: IntoIterator<Item = Chunk>>(&mut self, chunks: I) {
        for chunk in chunks {
            let (at, mut length) = (self.chunks.len(), 0_u32);
            for word in words(&chunk.text) {
                length = length.saturating_add(1);
                let postings = self.postings.entry(word).or_default();
                match postings.last_mut() {
                    Some((last, often)) if *last == at => *often = often.saturating_add(1),
                    _ => postings.push((at, 1)),
                }
            }
            self.total = self.total.saturating_add(u64::from(length));
            self.lengths.push(length);
            self.chunks.push(chunk);
        }
    }
}

/// Runs of letters and digits, in lower case.
pub(super) fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|char: char| !char.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase)
}

#[expect(clippy::cast_precision_loss, reason = "no index has 2^53 words")]
fn real(number: u64) -> f64 {
    number as f64
}

/// Searches the application's [`WordIndex`]: a step.
///
/// # Errors
/// A query without a word, and a limit of 0.
#[node]
pub fn search_words(query: &str, limit: usize, #[resource] index: &WordIndex) -> Result<Vec<Hit>, RetrievalError> {
    index.search(query, limit)
}
