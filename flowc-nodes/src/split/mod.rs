//! Documents in pieces that a model can take.

mod headings;
mod options;
#[cfg(test)]
mod tests;

use flowc::node;
#[cfg(feature = "code")]
use text_splitter::CodeSplitter;
use text_splitter::{ChunkConfig, ChunkSizer, MarkdownSplitter, TextSplitter};

#[cfg(feature = "code")]
pub use options::CodeLanguage;
#[cfg(feature = "tokens")]
pub use options::Vocabulary;
pub use options::{SplitError, SplitOptions, Unit};

use crate::document::{Chunk, Document};

/// Splits plain text: at paragraphs where the pieces are small enough, else at sentences, words, and at last characters.
///
/// Space at both ends of a piece is left out. A text of nothing but space has no pieces.
///
/// ```
/// use flowc_nodes::{Document, SplitOptions, split_text};
///
/// let document = Document::new("fox.txt", "The quick brown fox. It jumps over the dog.");
/// let chunks = split_text(&document, &SplitOptions::characters(25))?;
/// assert_eq!(chunks[1].text, "It jumps over the dog.");
/// assert_eq!(&document.text[chunks[1].range.clone()], chunks[1].text);
/// # Ok::<_, flowc_nodes::SplitError>(())
/// ```
///
/// # Errors
/// A size of nothing, or an overlap that is not smaller than the size.
#[node]
pub fn split_text(document: &Document, options: &SplitOptions) -> Result<Vec<Chunk>, SplitError> {
    options.check()?;
    let splitter = TextSplitter::new(config(options)?);
    Ok(chunks(document, splitter.chunk_indices(&document.text)))
}

/// Splits Markdown, rather at headings and blocks than inside of them. Each piece has the headings above it.
///
/// ```
/// use flowc_nodes::{Document, SplitOptions, split_markdown};
///
/// let text = "# Bread\n\nFlour and water.\n\n## Crust\n\nHeat makes it.";
/// let chunks = split_markdown(&Document::new("bread.md", text), &SplitOptions::characters(30))?;
/// assert_eq!(chunks[1].headings, ["Bread", "Crust"]);
/// # Ok::<_, flowc_nodes::SplitError>(())
/// ```
///
/// # Errors
/// As for [`split_text`](split_text()).
#[node]
pub fn split_markdown(document: &Document, options: &SplitOptions) -> Result<Vec<Chunk>, SplitError> {
    options.check()?;
    let splitter = MarkdownSplitter::new(config(options)?);
    let path = headings::Path::of(&document.text);
    let chunks = chunks(document, splitter.chunk_indices(&document.text)).into_iter();
    Ok(chunks.map(|chunk| Chunk { headings: path.at(chunk.range.start), ..chunk }).collect())
}

/// Splits code along its syntax, rather between functions than inside of them.
///
/// ```
/// use flowc_nodes::{CodeLanguage, Document, SplitOptions, split_code};
///
/// let code = Document::new("lib.rs", "fn one() -> u8 {\n    1\n}\n\nfn two() -> u8 {\n    2\n}\n");
/// let chunks = split_code(&code, &CodeLanguage::Rust, &SplitOptions::characters(30))?;
/// assert_eq!(chunks[1].text, "fn two() -> u8 {\n    2\n}");
/// # Ok::<_, flowc_nodes::SplitError>(())
/// ```
///
/// # Errors
/// As for [`split_text`](split_text()).
#[cfg(feature = "code")]
#[node]
pub fn split_code(
    document: &Document,
    language: &CodeLanguage,
    options: &SplitOptions,
) -> Result<Vec<Chunk>, SplitError> {
    options.check()?;
    let splitter = CodeSplitter::new(language.grammar(), config(options)?);
    let splitter = splitter.map_err(|error| SplitError::Grammar { reason: error.to_string() })?;
    Ok(chunks(document, splitter.chunk_indices(&document.text)))
}

fn chunks<'t>(document: &Document, pieces: impl Iterator<Item = (usize, &'t str)>) -> Vec<Chunk> {
    let mut chunks: Vec<Chunk> = Vec::new();
    for (start, text) in pieces.filter(|(_, text)| !text.trim().is_empty()) {
        let chunk = Chunk::new(document.source.as_str(), start, text);
        let holds =
            |one: &Chunk, other: &Chunk| one.range.start <= other.range.start && other.range.end <= one.range.end;
        // With an overlap and without the space at its ends, a piece can hold all of another one, which then says nothing new.
        while chunks.pop_if(|last| holds(&chunk, last)).is_some() {}
        if !chunks.last().is_some_and(|last| holds(last, &chunk)) {
            chunks.push(chunk);
        }
    }
    chunks
}

fn config(options: &SplitOptions) -> Result<ChunkConfig<Unit>, SplitError> {
    let config = ChunkConfig::new(options.size).with_sizer(options.unit);
    let (size, overlap) = (options.size, options.overlap);
    config.with_overlap(overlap).map_err(|_| SplitError::Overlap { size, overlap })
}

impl ChunkSizer for Unit {
    fn size(&self, chunk: &str) -> usize {
        self.count(chunk)
    }
}
