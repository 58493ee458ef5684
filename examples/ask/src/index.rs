//! The index over all passages, ranked by BM25.

use std::collections::{BTreeSet, HashMap};

use bm25::{Embedder, EmbedderBuilder, Scorer, Tokenizer};
use flowc::node;

use crate::{
    split::{BlockKind, Passage},
    words::{Word, words},
};

/// A heading names what its passage is about, so its words count this many times.
const HEADING_WEIGHT: usize = 3;

/// All passages, ready to be searched.
pub struct Index {
    passages: Vec<Passage>,
    embedder: Embedder<u64, Stems>,
    scorer: Scorer<usize, u64>,
    /// In how many passages each stem stands.
    spread: HashMap<String, usize>,
    /// Every word that stands somewhere, in small letters.
    vocabulary: BTreeSet<String>,
}

/// Stems come to the ranking ready-made, with a space between.
struct Stems;

impl Tokenizer for Stems {
    fn tokenize(&self, stems: &str) -> Vec<String> {
        stems.split_whitespace().map(str::to_owned).collect()
    }
}

/// Builds the index from the passages of each file.
#[node]
pub fn build_index(passages: Vec<Vec<Passage>>) -> Index {
    let passages: Vec<Passage> = passages.into_iter().flatten().collect();
    let mut spread = HashMap::new();
    let mut vocabulary = BTreeSet::new();
    let mut texts = Vec::with_capacity(passages.len());
    for passage in &passages {
        let words = words_of(passage);
        let stems: Vec<&str> = words.iter().map(|word| word.stem.as_str()).collect();
        texts.push(stems.join(" "));
        for stem in stems.iter().collect::<BTreeSet<_>>() {
            *spread.entry((*stem).to_owned()).or_insert(0) += 1;
        }
        vocabulary.extend(words.into_iter().map(|word| word.text));
    }
    let corpus: Vec<&str> = texts.iter().map(String::as_str).collect();
    let embedder = EmbedderBuilder::with_tokenizer_and_fit_to_corpus(Stems, &corpus).build();
    let mut scorer = Scorer::new();
    for (number, text) in texts.iter().enumerate() {
        scorer.upsert(&number, embedder.embed(text));
    }
    Index { passages, embedder, scorer, spread, vocabulary }
}

fn words_of(passage: &Passage) -> Vec<Word> {
    let headings = words(&passage.headings.join("\n"));
    let mut found = Vec::new();
    for _ in 0..HEADING_WEIGHT {
        found.extend(headings.iter().cloned());
    }
    for block in &passage.blocks {
        match block.kind {
            BlockKind::Prose | BlockKind::Columns => found.extend(words(&block.text)),
            // A backtick inside code opens no code in it.
            BlockKind::Code { .. } => found.extend(words(&block.text.replace('`', " "))),
        }
    }
    found
}

impl Index {
    /// All passages, in the order of the files.
    pub fn passages(&self) -> &[Passage] {
        &self.passages
    }

    /// Which of them this one is.
    pub fn number_of(&self, passage: &Passage) -> Option<usize> {
        self.passages.iter().position(|other| other == passage)
    }

    /// The passages that have at least one of the stems, with their scores, best first.
    pub fn rank(&self, stems: &[&str]) -> Vec<(f32, &Passage)> {
        let mut matches = self.scorer.matches(&self.embedder.embed(&stems.join(" ")));
        // Equal scores stand in the order of the files, so that an answer is the same each time.
        matches.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.id.cmp(&b.id)));
        let found = matches.into_iter().filter_map(|hit| Some((hit.score, self.passages.get(hit.id)?)));
        found.collect()
    }

    /// How much a stem says: the fewer passages have it, the more; nothing if none has it.
    pub fn weight(&self, stem: &str) -> Option<f32> {
        let having = *self.spread.get(stem)?;
        #[expect(clippy::cast_precision_loss, reason = "a weight, and counts are far below 2^23")]
        let (all, having) = (self.passages.len() as f32, having as f32);
        Some((1.0 + (all - having + 0.5) / (having + 0.5)).ln())
    }

    /// Every word that stands in some passage, in small letters and sorted.
    pub fn vocabulary(&self) -> impl Iterator<Item = &str> {
        self.vocabulary.iter().map(String::as_str)
    }

    /// The innermost headings of all passages with the place of the first passage below each, in the order of the files.
    pub fn headings(&self) -> Vec<(String, String)> {
        let mut seen = BTreeSet::new();
        let mut headings = Vec::new();
        for passage in &self.passages {
            if let Some(title) = passage.headings.last() {
                if seen.insert((passage.file.as_str(), title.as_str())) {
                    headings.push((title.clone(), passage.place()));
                }
            }
        }
        headings
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{load::Document, split::split};

    fn index(files: &[&str]) -> Index {
        let documents =
            files.iter().zip('a'..).map(|(text, name)| Document { name: format!("{name}.md"), text: (*text).into() });
        build_index(documents.map(split).collect())
    }

    fn ranked(index: &Index, stems: &[&str]) -> Vec<String> {
        index.rank(stems).into_iter().map(|(_, passage)| passage.file.clone()).collect()
    }

    #[test]
    fn the_rarer_word_weighs_more() {
        let index = index(&["A common map.", "A common loop.", "A common map."]);
        assert!(index.weight("loop") > index.weight("map"));
        assert!(index.weight("map") > index.weight("common"));
        assert_eq!(index.weight("absent"), None);
        assert_eq!(ranked(&index, &["common", "loop"]), ["b.md", "a.md", "c.md"]);
    }

    #[test]
    fn a_heading_counts_more_than_a_mention() {
        let index = index(&["# Loops\n\nSpeaks of a map once.\n", "# Maps\n\nSpeaks of a loop once.\n"]);
        assert_eq!(ranked(&index, &["map"]), ["b.md", "a.md"]);
    }

    #[test]
    fn equal_passages_keep_the_order_of_the_files() {
        let index = index(&["Same map."; 20]);
        let order: Vec<String> = ('a'..).take(20).map(|name| format!("{name}.md")).collect();
        assert_eq!(ranked(&index, &["map"]), order);
    }

    #[test]
    fn nothing_is_found_in_nothing() {
        assert!(index(&[]).rank(&["map"]).is_empty());
        assert!(index(&["A map."]).rank(&[]).is_empty());
    }
}
