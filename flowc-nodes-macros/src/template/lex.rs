//! From characters to words and braces.

use super::text::characters;
use super::{At, Wrong};
use crate::messages as say;

#[derive(Debug, PartialEq)]
pub(super) enum Piece {
    Text(String),
    /// What stands between two braces, and the place of both braces.
    Tag {
        inner: String,
        start: usize,
        at: At,
    },
}

impl Piece {
    /// Whether it is `{#..}`, `{:..}` or `{/..}`.
    fn is_block(&self) -> bool {
        matches!(self, Self::Tag { inner, .. } if inner.trim_start().starts_with(['#', ':', '/']))
    }
}

pub(super) fn lex(written: &str, literal: bool) -> Result<Vec<Piece>, Wrong> {
    let mut pieces = Vec::new();
    let mut text = String::new();
    let mut letters = characters(written, literal).into_iter().peekable();
    while let Some((start, letter)) = letters.next() {
        match letter {
            '{' | '}' if letters.next_if(|(_, next)| *next == letter).is_some() => text.push(letter),
            '{' => {
                let mut inner = String::new();
                let end = loop {
                    match letters.next_if(|(_, next)| !matches!(next, '{' | '\n')) {
                        Some((at, '}')) => break at + 1,
                        Some((_, next)) => inner.push(next),
                        None => return Err(Wrong { at: At { start, end: start + 1 }, text: say::open_brace() }),
                    }
                };
                pieces.push(Piece::Text(std::mem::take(&mut text)));
                pieces.push(Piece::Tag { inner, start: start + 1, at: At { start, end } });
            }
            '}' => return Err(Wrong { at: At { start, end: start + 1 }, text: say::lone_brace() }),
            _ => text.push(letter),
        }
    }
    pieces.push(Piece::Text(text));
    Ok(without_own_lines(pieces))
}

/// Takes the lines away on which nothing but a block stands. Texts and tags take turns, and a text is first and last.
fn without_own_lines(pieces: Vec<Piece>) -> Vec<Piece> {
    let text = |index: Option<usize>| match index.and_then(|index| pieces.get(index)) {
        Some(Piece::Text(text)) => text.as_str(),
        _ => "",
    };
    let last = pieces.len().saturating_sub(1);
    let alone = |index: usize| {
        let (before, after) = (index.checked_sub(1), index + 1);
        pieces.get(index).is_some_and(Piece::is_block)
            && begins_line(text(before), before == Some(0))
            && ends_line(text(Some(after)), after == last)
    };
    let mut cut = Vec::with_capacity(pieces.len());
    for (index, piece) in pieces.iter().enumerate() {
        let Piece::Text(text) = piece else { continue };
        let mut text = text.as_str();
        if index.checked_sub(1).is_some_and(alone) {
            text = text.split_once('\n').map_or("", |(_, text)| text);
        }
        if alone(index + 1) {
            text = text.trim_end_matches([' ', '\t']);
        }
        cut.push(text.to_owned());
    }
    let mut cut = cut.into_iter();
    let replaced = |piece| match piece {
        Piece::Text(_) => Piece::Text(cut.next().unwrap_or_default()),
        tag @ Piece::Tag { .. } => tag,
    };
    pieces.into_iter().map(replaced).collect()
}

fn begins_line(text: &str, first: bool) -> bool {
    match text.rsplit_once('\n') {
        Some((_, line)) => line.trim().is_empty(),
        None => first && text.trim().is_empty(),
    }
}

fn ends_line(text: &str, last: bool) -> bool {
    match text.split_once('\n') {
        Some((line, _)) => line.trim().is_empty(),
        None => last && text.trim().is_empty(),
    }
}
