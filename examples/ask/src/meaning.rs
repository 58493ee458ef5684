//! Passages that mean what is asked though they say it in other words, and both ways of looking as one.

use std::collections::HashMap;

use flowc::node;

use crate::{
    compose::Writer,
    index::Index,
    model::{ModelError, vectors},
    question::Question,
    search::{Hit, Hits, MOST},
};

/// So soon a rank stops to count, as Cormack, Clarke and Büttcher (2009) found it for reciprocal rank fusion.
const RANK: f32 = 60.0;
/// So many passages are near at most; the rest is noise.
const NEAREST: usize = 2 * MOST;

/// The numbers of the passages that are nearest to the question, the nearest first; none if no model of vectors is configured.
///
/// # Errors
/// [`ModelError`], with what to do.
#[node]
pub async fn nearest(
    question: &Question,
    index: &Index,
    #[resource] writer: &Writer,
) -> Result<Vec<usize>, ModelError> {
    let Writer::Model(model) = writer else { return Ok(Vec::new()) };
    let Some(model) = model.of_vectors() else { return Ok(Vec::new()) };
    let passages =
        index.passages().iter().map(|passage| format!("{}\n{}", passage.headings.join(" > "), passage.text()));
    let texts: Vec<String> = std::iter::once(question.as_str().to_owned()).chain(passages).collect();
    // The request waits for the server, off the async threads.
    let asked = tokio::task::spawn_blocking(move || vectors(&model, &texts)).await;
    let vectors = asked.map_err(|error| ModelError::Ended { why: error.to_string() })??;
    let Some((question, passages)) = vectors.split_first() else { return Ok(Vec::new()) };
    let mut near: Vec<(usize, f32)> =
        passages.iter().map(|passage| cosine(question, passage)).enumerate().filter(|(_, near)| *near > 0.0).collect();
    near.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    Ok(near.into_iter().take(NEAREST).map(|(number, _)| number).collect())
}

fn cosine(one: &[f32], other: &[f32]) -> f32 {
    let dot = |one: &[f32], other: &[f32]| one.iter().zip(other).map(|(a, b)| a * b).sum::<f32>();
    let lengths = (dot(one, one) * dot(other, other)).sqrt();
    if lengths > 0.0 { dot(one, other) / lengths } else { 0.0 }
}

/// Joins what was found by words with what is near: a passage that both have comes before one that either has.
#[node]
pub fn join(index: &Index, mut found: Hits, near: Vec<usize>) -> Hits {
    if near.is_empty() {
        return found;
    }
    let mut scores: HashMap<usize, f32> = HashMap::new();
    let by_words = found.best.iter().filter_map(|hit| index.number_of(&hit.passage));
    for ranking in [by_words.collect(), near] {
        for (rank, number) in ranking.into_iter().enumerate() {
            #[expect(clippy::cast_precision_loss, reason = "a rank is below a hundred")]
            let score = 1.0 / (RANK + 1.0 + rank as f32);
            *scores.entry(number).or_default() += score;
        }
    }
    let mut best: Vec<(usize, f32)> = scores.into_iter().collect();
    best.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let hit = |(number, score): (usize, f32)| Some(Hit { score, passage: index.passages().get(number)?.clone() });
    found.best = best.into_iter().take(MOST).filter_map(hit).collect();
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{analyse::analyse, index::build_index, load::Document, search::search, split::split};

    #[test]
    fn what_both_ways_find_comes_first() {
        let texts = ["# A\n\nA map.\n", "# B\n\nA bounded map.\n", "# C\n\nSomething else.\n"];
        let documents =
            texts.iter().zip('a'..).map(|(text, name)| Document { name: format!("{name}.md"), text: (*text).into() });
        let index = build_index(documents.map(split).collect());
        let found = || search(&index, &analyse(&Question::new("bounded map").unwrap()));
        assert_eq!(join(&index, found(), Vec::new()), found());
        let files = |near: Vec<usize>| -> Vec<String> {
            join(&index, found(), near).best.into_iter().map(|hit| hit.passage.file).collect()
        };
        assert_eq!(files(vec![2, 0]), ["a.md", "b.md", "c.md"]);
        assert_eq!(files(vec![1, 2]), ["b.md", "a.md", "c.md"]);
    }

    #[test]
    fn vectors_are_compared_by_their_angle() {
        assert!((cosine(&[1.0, 0.0], &[3.0, 0.0]) - 1.0).abs() < 1e-6);
        assert!(cosine(&[1.0, 0.0], &[0.0, 2.0]).abs() < 1e-6);
        assert!(cosine(&[0.0, 0.0], &[1.0, 1.0]).abs() < 1e-6);
    }
}
