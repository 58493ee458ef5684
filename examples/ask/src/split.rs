//! From a Markdown file to passages: pieces of one section each, that know their headings and lines.

mod blocks;

pub use blocks::{Block, BlockKind};

use flowc::node;

use crate::load::Document;

/// A passage takes blocks up to about this many characters; a longer section gives several passages.
const PASSAGE_CHARS: usize = 1_400;

/// A piece of one section of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// The file.
    pub file: String,
    /// The headings above it, outermost first.
    pub headings: Vec<String>,
    /// Its paragraphs, list items, table rows and code, in order; never none.
    pub blocks: Vec<Block>,
}

impl Passage {
    /// First and last line in the file, counted from 1.
    pub fn lines(&self) -> (usize, usize) {
        let first = self.blocks.first().map_or(1, Block::first_line);
        (first, self.blocks.last().map_or(first, Block::last_line))
    }

    /// `file:line` of its beginning, as editors and terminals take it.
    pub fn place(&self) -> String {
        format!("{}:{}", self.file, self.lines().0)
    }

    /// Its text as Markdown, without the headings.
    pub fn text(&self) -> String {
        let blocks: Vec<_> = self.blocks.iter().map(Block::markdown).collect();
        blocks.join("\n\n")
    }
}

/// Splits a file into passages at its headings, and long sections between blocks.
///
/// A code block stays with the paragraph before it, which says what it shows. Each file is split on a thread of its own,
/// as long as the map around it has room.
#[node(blocking)]
pub fn split(document: Document) -> Vec<Passage> {
    let Document { name, text } = document;
    let mut passages: Vec<Passage> = Vec::new();
    let mut chars = 0;
    for (headings, block) in blocks::read(&text) {
        let size = block.text.chars().count();
        let full = chars + size > PASSAGE_CHARS && block.kind == BlockKind::Prose;
        match passages.last_mut() {
            Some(passage) if passage.headings == headings && !full => {
                chars += size;
                passage.blocks.push(block);
            }
            _ => {
                chars = size;
                passages.push(Passage { file: name.clone(), headings, blocks: vec![block] });
            }
        }
    }
    passages
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passages(text: &str) -> Vec<Passage> {
        split(Document { name: "guide/maps.md".into(), text: text.into() })
    }

    #[test]
    fn a_passage_knows_its_headings_and_lines() {
        let found =
            passages("# Maps\n\nOne thing.\n\n## Bounds\n\nFirst line,\nsecond line.\n\n```rust\nlet a = 1;\n```\n");
        assert_eq!(found.len(), 2);
        let bounds = found.last().unwrap();
        assert_eq!(bounds.headings, ["Maps", "Bounds"]);
        assert_eq!(bounds.lines(), (7, 11));
        assert_eq!(bounds.place(), "guide/maps.md:7");
        assert_eq!(bounds.text(), "First line, second line.\n\n```rust\nlet a = 1;\n```");
    }

    #[test]
    fn a_heading_leaves_the_deeper_ones_behind() {
        let found = passages("# A\n\n### B\n\nb\n\n## C\n\nc\n\n# D\n\nd\n");
        let headings: Vec<_> = found.iter().map(|passage| passage.headings.join("/")).collect();
        assert_eq!(headings, ["A/B", "A/C", "D"]);
    }

    #[test]
    fn a_long_section_is_cut_between_blocks_and_code_stays_with_its_paragraph() {
        let paragraph = "word ".repeat(200);
        let code = format!("```rust\n{}```\n", "let value = 1;\n".repeat(100));
        let found = passages(&format!("# A\n\n{paragraph}\n\n{paragraph}\n\n{code}\n"));
        let kinds: Vec<Vec<_>> = found
            .iter()
            .map(|passage| passage.blocks.iter().map(|block| block.kind == BlockKind::Prose).collect())
            .collect();
        assert_eq!(kinds, [vec![true], vec![true, false]]);
    }

    #[test]
    fn nothing_but_headings_gives_nothing() {
        assert_eq!(passages("# A\n\n## B\n"), []);
        assert_eq!(passages(""), []);
    }
}
