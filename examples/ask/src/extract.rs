//! An answer without a model: the sentences and the code that say most about the question.

mod sentences;

use std::collections::HashSet;

use flowc::node;

use crate::{
    answer::{Answer, Quote, Source},
    search::Hits,
    split::{Block, BlockKind},
    words::words,
};

use sentences::sentences;

/// So many sentences are quoted at most, and so many of one passage.
const MOST: usize = 5;
const MOST_OF_ONE: usize = 3;
/// Only the best passages are quoted; the others are listed as sources.
const PASSAGES: usize = 3;
/// A sentence that fits less than this share of the best one is left out.
const LEAST_SHARE: f32 = 0.5;
/// What the headings above a sentence say counts for it too, but less than its own words.
const HEADING_SHARE: f32 = 0.6;
/// The first sentence of a passage tends to be the one that says it.
const FIRST_SHARE: f32 = 0.2;
/// A sentence with more characters is long.
const LONG: f32 = 300.0;
/// Longer code is a listing and no example.
const CODE_LINES: usize = 30;

/// A sentence or a code block, and how well it fits.
struct Candidate<'a> {
    fit: f32,
    hit: usize,
    block: usize,
    offset: usize,
    text: &'a str,
    code: Option<&'a str>,
}

/// Quotes the sentences that fit the question best, and the best example of code.
#[node]
pub fn quote(hits: Hits) -> Answer {
    let (mut prose, code): (Vec<_>, Vec<_>) =
        candidates(&hits).into_iter().partition(|candidate| candidate.code.is_none());
    prose.sort_by(|a, b| b.fit.total_cmp(&a.fit));
    let least = prose.first().map_or(0.0, |best| best.fit * LEAST_SHARE);
    let mut chosen: Vec<Candidate<'_>> = Vec::new();
    for candidate in prose {
        let of_one = chosen.iter().filter(|other| other.hit == candidate.hit).count();
        if candidate.fit >= least && candidate.fit > 0.0 && of_one < MOST_OF_ONE && chosen.len() < MOST {
            chosen.push(candidate);
        }
    }
    let best_code = code.into_iter().filter(|candidate| candidate.fit > 0.0).max_by(|a, b| a.fit.total_cmp(&b.fit));
    chosen.extend(best_code);
    chosen.sort_by_key(|candidate| (candidate.hit, candidate.block, candidate.offset));

    let mut sources = Source::list(&hits);
    let mut quotes: Vec<Quote> = Vec::new();
    let mut before: Option<(usize, usize, usize)> = None;
    for candidate in &chosen {
        let Some((hit, source)) = hits.best.get(candidate.hit).zip(sources.get_mut(candidate.hit)) else { continue };
        let Some(block) = hit.passage.blocks.get(candidate.block) else { continue };
        source.cited = true;
        let follows = before == Some((candidate.hit, candidate.block, candidate.offset));
        match quotes.last_mut() {
            Some(quote) if follows => {
                quote.text.push(' ');
                quote.text.push_str(candidate.text.trim_end());
            }
            _ => quotes.push(Quote {
                text: candidate.text.trim_end().to_owned(),
                code: candidate.code.map(str::to_owned),
                source: source.number,
                file: hit.passage.file.clone(),
                line: block.line_at(candidate.offset),
            }),
        }
        before = Some((candidate.hit, candidate.block, candidate.offset + candidate.text.len()));
    }
    Answer::Quoted { quotes, sources, unknown: hits.unknown }
}

/// Every sentence and every short code block of the best passages, in reading order.
fn candidates(hits: &Hits) -> Vec<Candidate<'_>> {
    let top = hits.best.first().map_or(1.0, |hit| hit.score);
    let mut found = Vec::new();
    for (number, hit) in hits.best.iter().enumerate().take(PASSAGES) {
        let share = hit.score / top;
        let context = HEADING_SHARE * says(hits, &hit.passage.headings.join("\n"));
        let fit = |says: f32, first: bool| {
            let lead = if first { FIRST_SHARE * (says + context) } else { 0.0 };
            share * (says + context + lead)
        };
        for (at, block) in hit.passage.blocks.iter().enumerate() {
            let common = Candidate { fit: 0.0, hit: number, block: at, offset: 0, text: &block.text, code: None };
            match &block.kind {
                BlockKind::Prose => {
                    for (offset, text) in sentences(&block.text) {
                        let first = at == 0 && offset == 0;
                        found.push(Candidate {
                            fit: fit(says(hits, text), first) * brevity(text),
                            offset,
                            text,
                            ..common
                        });
                    }
                }
                BlockKind::Code { language } if block.text.lines().count() <= CODE_LINES => {
                    let introduction = at.checked_sub(1).and_then(|before| hit.passage.blocks.get(before));
                    let says = says(hits, &with_introduction(introduction, &block.text));
                    found.push(Candidate { fit: fit(says, false), code: Some(language), ..common });
                }
                BlockKind::Code { .. } | BlockKind::Columns => {}
            }
        }
    }
    found
}

/// A long sentence has many words by chance and is hard to read: it counts for less.
fn brevity(text: &str) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "a share, and sentences are far below 2^23")]
    let chars = text.chars().count() as f32;
    LONG / chars.max(LONG)
}

/// A code block speaks of what the paragraph before it says, too.
fn with_introduction(introduction: Option<&Block>, code: &str) -> String {
    let code = code.replace('`', " ");
    match introduction {
        Some(Block { kind: BlockKind::Prose, text, .. }) => format!("{text}\n{code}"),
        _ => code,
    }
}

/// How much a text says about the question: the weights of the terms it has.
fn says(hits: &Hits, text: &str) -> f32 {
    let stems: HashSet<String> = words(text).into_iter().map(|word| word.stem).collect();
    hits.weights.iter().filter(|(stem, _)| stems.contains(stem)).map(|(_, weight)| weight).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        analyse::analyse, index::build_index, load::Document, question::Question, search::search, split::split,
    };

    const GUIDE: &str = "# Maps\n\nA `for` runs its steps once for each item.\nResults keep the order of the items.\n\n\
        ## Bounds\n\nTo bound a map, write `#[max(n)]` above the `let`. At most n items run at once.\nNothing else changes.\n\n\
        ```rust\n#[max(8)]\nlet notes = for doc in &docs { summarise(doc) };\n```\n\n\
        ## Failures\n\nThe first failure ends the run.\n";

    fn quoted(text: &str, question: &str) -> (Vec<Quote>, Vec<Source>) {
        let document = Document { name: "maps.md".into(), text: text.into() };
        let index = build_index(vec![split(document)]);
        match quote(search(&index, &analyse(&Question::new(question).unwrap()))) {
            Answer::Quoted { quotes, sources, .. } => (quotes, sources),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_sentence_that_says_it_is_quoted_word_for_word_with_its_line() {
        let (quotes, sources) = quoted(GUIDE, "How do I bound a map?");
        let first = quotes.first().unwrap();
        assert!(first.text.starts_with("To bound a map, write `#[max(n)]` above the `let`."), "{first:?}");
        assert_eq!((first.file.as_str(), first.line, first.source), ("maps.md", 8, 1));
        assert!(sources.first().unwrap().cited);
    }

    #[test]
    fn the_example_beside_it_is_quoted_with_its_line() {
        let (quotes, _) = quoted(GUIDE, "How do I bound a map?");
        let code = quotes.iter().find(|quote| quote.code.is_some()).unwrap();
        assert_eq!(code.text, "#[max(8)]\nlet notes = for doc in &docs { summarise(doc) };");
        assert_eq!((code.code.as_deref(), code.line), (Some("rust"), 12));
    }

    #[test]
    fn a_later_sentence_is_found_at_its_own_line() {
        let (quotes, _) = quoted(GUIDE, "Which order do results keep?");
        assert_eq!(quotes.first().map(|quote| quote.line), Some(4), "{quotes:?}");
        assert_eq!(quotes.first().map(|quote| quote.text.as_str()), Some("Results keep the order of the items."));
    }

    #[test]
    fn every_quote_stands_in_its_file() {
        for question in ["bound", "What is a failure?", "items order results map failure run"] {
            for quote in quoted(GUIDE, question).0 {
                let line = GUIDE.lines().nth(quote.line - 1).unwrap();
                let begins: String = quote.text.chars().take(9).collect();
                assert!(line.contains(&begins), "{quote:?} is not at {line:?}");
                assert!(GUIDE.replace('\n', " ").contains(&quote.text.replace('\n', " ")), "{quote:?}");
            }
        }
    }

    #[test]
    fn the_head_of_a_table_is_no_answer_but_its_rows_are() {
        let (quotes, _) = quoted("# T\n\n| retry | what |\n|---|---|\n| base | first retry |\n", "retry");
        let texts: Vec<_> = quotes.iter().map(|quote| quote.text.as_str()).collect();
        assert_eq!(texts, ["base | first retry"]);
    }

    #[test]
    fn a_short_sentence_goes_before_an_endless_one() {
        let endless = format!("A retry {}ends.", "and so on ".repeat(100));
        let (quotes, _) = quoted(&format!("# T\n\n{endless} A retry waits.\n"), "retry");
        assert_eq!(quotes.first().map(|quote| quote.text.as_str()), Some("A retry waits."));
    }

    #[test]
    fn no_hit_gives_no_quote() {
        let (quotes, sources) = quoted(GUIDE, "Paris");
        assert!(quotes.is_empty() && sources.is_empty());
    }
}
