//! The same text only once.

use std::collections::HashSet;

use flowc::node;

use super::Hit;
use super::words::words;

/// So many words in a row are compared.
const SHINGLE: usize = 3;

/// Leaves out hits that say what one before them says: the same words, or nearly the same.
///
/// Two texts are nearly the same if they share at least `similarity`, from 0 to 1, of their runs of three words (the Jaccard index). At 1
/// only texts with the same runs are. Each hit is compared with all that stay before it, so this is for hits and not for whole collections.
///
/// ```
/// use flowc_nodes::{Chunk, Hit, deduplicate};
///
/// let hit = |source: &str, text: &str| Hit::new(Chunk::new(source, 0, text), 1.0);
/// let hits = vec![hit("a", "Cats sleep all day."), hit("b", "cats sleep  all day"), hit("c", "Dogs bark.")];
/// assert_eq!(deduplicate(hits, 0.9).len(), 2);
/// ```
#[node]
pub fn deduplicate(hits: Vec<Hit>, similarity: f64) -> Vec<Hit> {
    let mut kept: Vec<(Hit, HashSet<Vec<String>>)> = Vec::with_capacity(hits.len());
    for hit in hits {
        let runs = shingles(&hit.chunk.text);
        if !kept.iter().any(|(other, theirs)| other.chunk.text == hit.chunk.text || alike(&runs, theirs, similarity)) {
            kept.push((hit, runs));
        }
    }
    kept.into_iter().map(|(hit, _)| hit).collect()
}

/// Runs of words; a shorter text is one run.
fn shingles(text: &str) -> HashSet<Vec<String>> {
    let words: Vec<String> = words(text).collect();
    if words.is_empty() {
        return HashSet::new();
    }
    words.windows(SHINGLE.min(words.len())).map(<[String]>::to_vec).collect()
}

fn alike(a: &HashSet<Vec<String>>, b: &HashSet<Vec<String>>, similarity: f64) -> bool {
    let both = a.intersection(b).count();
    let all = a.len() + b.len() - both;
    #[expect(clippy::cast_precision_loss, reason = "no text has 2^53 words")]
    let share = both as f64 / all as f64;
    // Texts without a word are told apart by their characters alone.
    all > 0 && share >= similarity
}
