//! What comes out: an answer that can show where each part of it comes from.

use crate::search::{Hit, Hits};

/// The answer to a question.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// Sentences and code, word for word from the files.
    Quoted {
        /// The quotes, in reading order: best source first, then by line.
        quotes: Vec<Quote>,
        /// Where they come from, best first.
        sources: Vec<Source>,
        /// The words of the question that stand in no file.
        unknown: Vec<String>,
    },
    /// Written by a model from the passages.
    Written {
        /// Its text, with `[1]` where it cites the first source.
        text: String,
        /// The model's name.
        model: String,
        /// What it was given, best first.
        sources: Vec<Source>,
        /// Numbers that it cites and that no source has.
        invented: Vec<usize>,
    },
    /// The files say nothing about it.
    Nothing {
        /// What was looked for.
        terms: Vec<String>,
        /// Words of the files that are spelled alike, as (asked, there).
        similar: Vec<(String, String)>,
        /// What the files speak about: headings and their places.
        topics: Vec<(String, String)>,
    },
}

/// A passage that an answer rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// Its number in the answer, from 1.
    pub number: usize,
    /// Its file.
    pub file: String,
    /// First and last line.
    pub lines: (usize, usize),
    /// The headings above it, outermost first.
    pub headings: Vec<String>,
    /// How well it fits the question.
    pub score: f32,
    /// The answer quotes or cites it.
    pub cited: bool,
}

impl Source {
    /// The hits as sources, numbered in their order, none cited yet.
    pub fn list(hits: &Hits) -> Vec<Self> {
        let source = |(number, hit): (usize, &Hit)| Self {
            number,
            file: hit.passage.file.clone(),
            lines: hit.passage.lines(),
            headings: hit.passage.headings.clone(),
            score: hit.score,
            cited: false,
        };
        (1..).zip(&hits.best).map(source).collect()
    }
}

/// Some words of a source, unchanged.
#[derive(Debug, Clone, PartialEq)]
pub struct Quote {
    /// The words.
    pub text: String,
    /// The language, if it is code.
    pub code: Option<String>,
    /// Its source's number.
    pub source: usize,
    /// Its source's file.
    pub file: String,
    /// The line it begins in, counted from 1.
    pub line: usize,
}
