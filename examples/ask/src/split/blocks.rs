//! The blocks of a Markdown text, each with its headings and the lines of its words.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// A paragraph, a list item, a table row or a code block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Its text: prose on one line with code between backticks, code as it stands.
    pub text: String,
    /// Where in `text` each line of the file begins: offset and line number, in order, never none.
    lines: Vec<(usize, usize)>,
}

/// What a [`Block`] is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BlockKind {
    /// Sentences.
    Prose,
    /// The head of a table: it tells what the rows hold, and nothing by itself.
    Columns,
    /// Code, with its language (empty if none is given).
    Code {
        /// The first word after the fence.
        language: String,
    },
}

impl Block {
    /// Line of the file, counted from 1, that the text at `offset` comes from.
    pub fn line_at(&self, offset: usize) -> usize {
        let before = self.lines.iter().take_while(|(start, _)| *start <= offset).last();
        before.or(self.lines.first()).map_or(1, |(_, line)| *line)
    }

    /// Line of its first word.
    pub fn first_line(&self) -> usize {
        self.line_at(0)
    }

    /// Line of its last word.
    pub fn last_line(&self) -> usize {
        self.line_at(self.text.len())
    }

    /// As Markdown: prose as it is, code between fences.
    pub fn markdown(&self) -> String {
        match &self.kind {
            BlockKind::Prose | BlockKind::Columns => self.text.clone(),
            BlockKind::Code { language } => format!("```{language}\n{}\n```", self.text),
        }
    }
}

/// The blocks of a text in order, each with the headings above it.
pub(super) fn read(text: &str) -> Vec<(Vec<String>, Block)> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS | Options::ENABLE_TASKLISTS;
    let mut reader = Reader { lines: line_starts(text), headings: Vec::new(), open: None, images: 0, done: Vec::new() };
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        reader.take(event, range);
    }
    reader.close();
    reader.done
}

fn line_starts(text: &str) -> Vec<usize> {
    let after_breaks = text.match_indices('\n').map(|(at, _)| at + 1);
    std::iter::once(0).chain(after_breaks).collect()
}

struct Reader {
    lines: Vec<usize>,
    headings: Vec<(HeadingLevel, String)>,
    open: Option<Open>,
    /// How many images the text stands in: it names them for who cannot see them, and says nothing.
    images: usize,
    done: Vec<(Vec<String>, Block)>,
}

/// What the text of the coming events belongs to.
enum Open {
    Block(Block),
    Heading(HeadingLevel, String),
    /// The head of the file, which describes it and is no text.
    Metadata,
}

impl Reader {
    fn take(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(&text, &range),
            Event::Code(code) => self.text(&format!("`{code}`"), &range),
            Event::SoftBreak | Event::HardBreak => self.text(" ", &range),
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Paragraph | Tag::Item | Tag::TableRow => self.open_block(BlockKind::Prose),
            Tag::TableHead => self.open_block(BlockKind::Columns),
            Tag::CodeBlock(kind) => {
                let language = match kind {
                    CodeBlockKind::Fenced(info) => info.split([',', ' ', '{']).next().unwrap_or_default().to_owned(),
                    CodeBlockKind::Indented => String::new(),
                };
                self.open_block(BlockKind::Code { language });
            }
            Tag::Heading { level, .. } => {
                self.close();
                self.open = Some(Open::Heading(level, String::new()));
            }
            Tag::MetadataBlock(_) => {
                self.close();
                self.open = Some(Open::Metadata);
            }
            Tag::Image { .. } => self.images += 1,
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph
            | TagEnd::Item
            | TagEnd::TableHead
            | TagEnd::TableRow
            | TagEnd::CodeBlock
            | TagEnd::Heading(_)
            | TagEnd::MetadataBlock(_) => self.close(),
            TagEnd::Image => self.images = self.images.saturating_sub(1),
            TagEnd::TableCell => {
                if let Some(Open::Block(block)) = &mut self.open {
                    block.text.push_str(" | ");
                }
            }
            _ => {}
        }
    }

    fn open_block(&mut self, kind: BlockKind) {
        self.close();
        self.open = Some(Open::Block(Block { kind, text: String::new(), lines: Vec::new() }));
    }

    fn text(&mut self, text: &str, range: &Range<usize>) {
        if self.images > 0 {
            return;
        }
        match &mut self.open {
            Some(Open::Block(block)) => {
                let line = self.lines.partition_point(|start| *start <= range.start);
                let breaks = text.match_indices('\n').map(|(at, _)| at + 1);
                for (start, line) in std::iter::once(0).chain(breaks).zip(line..) {
                    // The end of a code block's last line begins no line of its own.
                    if (start == 0 || start < text.len()) && block.lines.last().is_none_or(|(_, known)| *known < line) {
                        block.lines.push((block.text.len() + start, line));
                    }
                }
                block.text.push_str(text);
            }
            Some(Open::Heading(_, title)) => title.push_str(text),
            Some(Open::Metadata) | None => {}
        }
    }

    fn close(&mut self) {
        match self.open.take() {
            Some(Open::Block(block)) => {
                if let Some(block) = trimmed(block) {
                    let headings = self.headings.iter().map(|(_, title)| title.clone()).collect();
                    self.done.push((headings, block));
                }
            }
            Some(Open::Heading(level, title)) => {
                self.headings.retain(|(above, _)| *above < level);
                self.headings.push((level, title));
            }
            Some(Open::Metadata) | None => {}
        }
    }
}

/// The block without space and cell marks at its end; nothing if no text is left.
fn trimmed(mut block: Block) -> Option<Block> {
    if let BlockKind::Code { language } = &block.kind {
        if language.is_empty() || language == "rust" {
            without_hidden_lines(&mut block);
        }
        block.text.truncate(block.text.trim_end().len());
    } else {
        block.text.truncate(block.text.trim_end_matches([' ', '|']).len());
    }
    (!block.text.trim().is_empty()).then_some(block)
}

/// Takes out the lines that rustdoc compiles and does not show: `# use x;`.
fn without_hidden_lines(block: &mut Block) {
    let mut shown = String::new();
    let mut lines = Vec::new();
    let mut offset = 0;
    for line in block.text.split_inclusive('\n') {
        let code = line.trim();
        if code != "#" && !code.starts_with("# ") {
            lines.push((shown.len(), block.line_at(offset)));
            shown.push_str(line);
        }
        offset += line.len();
    }
    block.text = shown;
    block.lines = lines;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(text: &str) -> Vec<Block> {
        read(text).into_iter().map(|(_, block)| block).collect()
    }

    fn texts(text: &str) -> Vec<String> {
        blocks(text).into_iter().map(|block| block.text).collect()
    }

    #[test]
    fn each_word_of_a_paragraph_knows_its_line() {
        let found = blocks("# T\n\nOne `two`\nthree *four*\nfive.\n");
        let block = found.first().unwrap();
        assert_eq!(block.text, "One `two` three four five.");
        for (word, line) in [("One", 3), ("two", 3), ("three", 4), ("four", 4), ("five", 5)] {
            assert_eq!(block.line_at(block.text.find(word).unwrap()), line, "{word}");
        }
    }

    #[test]
    fn lines_hold_with_windows_line_ends() {
        let found = blocks("# T\r\n\r\nOne\r\ntwo\r\n\r\n```rust\r\na\r\nb\r\n```\r\n");
        let lines: Vec<_> = found.iter().map(|block| (block.first_line(), block.last_line())).collect();
        assert_eq!(lines, [(3, 4), (7, 8)]);
        assert_eq!(found.last().unwrap().text, "a\nb");
    }

    #[test]
    fn items_and_rows_are_blocks_of_their_own() {
        let text = "- one\n- two\n  - inner\n\n    more\n\n| a | b |\n|---|---|\n| c | `d` |\n";
        assert_eq!(texts(text), ["one", "two", "inner", "more", "a | b", "c | `d`"]);
    }

    #[test]
    fn the_words_of_an_image_are_no_sentence() {
        assert_eq!(
            texts("![A `map`](a.svg)\n\nText with [a link](b) and ![a [nested](c) image](d.svg).\n"),
            ["Text with a link and ."]
        );
    }

    #[test]
    fn what_is_not_shown_is_left_out() {
        assert_eq!(texts("---\ntitle: x\n---\n\n<!-- note -->\n\nText.\n"), ["Text."]);
        let found = blocks("```rust,no_run\n# use x;\n#[max(8)]\n#\nlet a = 1;\n```\n");
        let code = found.first().unwrap();
        assert_eq!(code.text, "#[max(8)]\nlet a = 1;");
        assert_eq!((code.line_at(0), code.line_at(12)), (3, 5));
        assert_eq!(texts("```sh\n# a comment\nls\n```\n"), ["# a comment\nls"]);
    }
}
