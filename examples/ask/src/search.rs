//! The passages that fit a query best.

use flowc::node;

use crate::{analyse::Query, index::Index, split::Passage};

/// So many passages are kept at most: what a person reads, and what fits a small model's context.
pub(crate) const MOST: usize = 6;
/// A passage that scores below this share of the best one is noise.
const LEAST_SHARE: f32 = 0.3;

/// What was found, best first; outlives the index.
#[derive(Debug, Clone, PartialEq)]
pub struct Hits {
    /// The passages with their scores.
    pub best: Vec<Hit>,
    /// The stems of the query that stand somewhere, and how much each says.
    pub weights: Vec<(String, f32)>,
    /// The words of the question that stand nowhere.
    pub unknown: Vec<String>,
}

/// A passage and how well it fits.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// Its BM25 score; comparable only within one search.
    pub score: f32,
    /// The passage.
    pub passage: Passage,
}

/// Finds the passages that fit the query best; none if no term of the query stands anywhere.
#[node]
pub fn search(index: &Index, query: &Query) -> Hits {
    let mut weights = Vec::new();
    let mut unknown = Vec::new();
    for term in &query.terms {
        match index.weight(&term.stem) {
            Some(weight) => weights.push((term.stem.clone(), weight)),
            None => unknown.push(term.text.clone()),
        }
    }
    let stems: Vec<&str> = query.terms.iter().map(|term| term.stem.as_str()).collect();
    let ranked = index.rank(&stems);
    let least = ranked.first().map_or(0.0, |(score, _)| score * LEAST_SHARE);
    let kept = ranked.into_iter().take(MOST).filter(|(score, _)| *score >= least);
    let best = kept.map(|(score, passage)| Hit { score, passage: passage.clone() }).collect();
    Hits { best, weights, unknown }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{analyse::analyse, index::build_index, load::Document, question::Question, split::split};

    fn hits(files: &[&str], question: &str) -> Hits {
        let documents =
            files.iter().zip('a'..).map(|(text, name)| Document { name: format!("{name}.md"), text: (*text).into() });
        let index = build_index(documents.map(split).collect());
        search(&index, &analyse(&Question::new(question).unwrap()))
    }

    #[test]
    fn the_best_passage_comes_first_and_scores_fall() {
        let found = hits(
            &["# Loops\n\nA loop has a bound.", "# Maps\n\nTo bound a map, write `#[max(8)]`.", "# Else\n\nNothing."],
            "How do I bound a map?",
        );
        let files: Vec<_> = found.best.iter().map(|hit| hit.passage.file.as_str()).collect();
        assert_eq!(files.first(), Some(&"b.md"));
        assert!(found.best.is_sorted_by(|a, b| a.score >= b.score));
        assert!(!files.contains(&"c.md"));
    }

    #[test]
    fn words_that_stand_nowhere_are_told() {
        let found = hits(&["A map."], "Which map won the football?");
        assert_eq!(found.unknown, ["football"]);
        assert_eq!(found.best.len(), 1);
    }

    #[test]
    fn no_known_word_gives_no_hit() {
        let found = hits(&["A map."], "Where is Paris?");
        assert!(found.best.is_empty() && found.weights.is_empty());
    }

    #[test]
    fn never_more_than_a_person_reads() {
        assert_eq!(hits(&["Same map."; 20], "map").best.len(), MOST);
    }
}
