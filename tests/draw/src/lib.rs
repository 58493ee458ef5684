//! What the checks of the drawings share: the sample graphs. The programs that read the drawings are the real ones: Mermaid from npm, Graphviz
//! from Debian.

// This crate is a test: a panic is how it reports.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use flowc::graph::{self, Tone, Vertex};

#[path = "../../../flowc/src/graph/tests/samples.rs"]
#[allow(clippy::wildcard_imports, clippy::cast_possible_truncation)]
pub mod samples;

/// A text as a drawing shows it, as far as it shows all of it: white space is collapsed.
pub fn shown(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A tone for each vertex, all of them in turn.
pub fn tones(index: usize, _: &Vertex) -> Tone {
    [Tone::Plain, Tone::Muted, Tone::Active, Tone::Good, Tone::Warn, Tone::Bad][index % 6]
}

/// A note for most vertices, such as a status has, and some that a drawing must not take for its own signs.
pub fn notes(index: usize, _: &Vertex) -> String {
    let notes =
        ["", "✓ 1.2 s", "↻ attempt 2 · 2.2 s", "▶ 2/5 · 50% · 1 min 04 s", "✗ \"failed\" <b> & ]|;", "– skipped"];
    notes[index % 6].to_owned()
}

/// Whether a text is drawn as it is: short enough, and without characters that are made visible.
pub fn drawn_whole(text: &str) -> bool {
    let text = shown(text);
    !text.is_empty() && text.chars().count() <= 40 && !text.chars().any(|c| c.is_control() || c == '\u{202E}')
}
