//! What a tag says.

use super::cursor::Cursor;
use super::{At, Condition, Path, Pattern, Wrong};
use crate::messages as say;
use crate::similar::similar;

/// The content of two braces.
pub(super) enum Tag {
    Show { value: Path, format: String },
    If(Condition),
    For(Pattern, Path),
    ElseIf(Condition),
    Else,
    End(Kind),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    If,
    For,
}

impl Kind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::If => "if",
            Self::For => "for",
        }
    }
}

pub(super) fn read(inner: &str, start: usize, at: At) -> Result<Tag, Wrong> {
    let mut cursor = Cursor::new(inner, start);
    let unknown =
        |sign: &str, word: &str, known: &[&str]| Wrong { at, text: say::directive(sign, word, similar(word, known)) };
    if cursor.sign("#") {
        let word = cursor.word().map(|word| word.text).unwrap_or_default();
        let tag = match &*word {
            "if" => Tag::If(cursor.condition()?),
            "for" => {
                let (pattern, over) = cursor.items()?;
                Tag::For(pattern, over)
            }
            _ => return Err(unknown("#", &word, &["if", "for"])),
        };
        return cursor.end().map(|()| tag);
    }
    if cursor.sign("/") {
        let word = cursor.word().map(|word| word.text).unwrap_or_default();
        let tag = match &*word {
            "if" => Tag::End(Kind::If),
            "for" => Tag::End(Kind::For),
            _ => return Err(unknown("/", &word, &["if", "for"])),
        };
        return cursor.end().map(|()| tag);
    }
    if cursor.sign(":") {
        let word = cursor.word().map(|word| word.text).unwrap_or_default();
        if word != "else" {
            return Err(unknown(":", &word, &["else"]));
        }
        let tag = match cursor.word() {
            Some(next) if next.text == "if" => Tag::ElseIf(cursor.condition()?),
            Some(next) => return Err(Wrong { at: next.at, text: say::behind_else(&next.text) }),
            None => Tag::Else,
        };
        return cursor.end().map(|()| tag);
    }
    let value = cursor.path()?;
    if !cursor.sign(":") {
        return cursor.end().map(|()| Tag::Show { value, format: String::new() });
    }
    let (format, place) = cursor.remainder();
    if is_format(format) {
        return Ok(Tag::Show { value, format: format.to_owned() });
    }
    Err(Wrong { at: place, text: say::format(format) })
}

/// `[[fill]align][sign]['#']['0'][width]['.' precision]['?']`: the formats of `Display` and `Debug`.
fn is_format(format: &str) -> bool {
    let mut rest = format;
    let mut letters = rest.chars();
    let (first, second) = (letters.next(), letters.next());
    let aligns = |letter: Option<char>| matches!(letter, Some('<' | '^' | '>'));
    if aligns(second) {
        rest = letters.as_str();
    } else if aligns(first) {
        rest = rest.get(1..).unwrap_or_default();
    }
    rest = rest.strip_prefix(['+', '-']).unwrap_or(rest);
    rest = rest.strip_prefix('#').unwrap_or(rest);
    let digits = |text: &'_ str| text.bytes().take_while(u8::is_ascii_digit).count();
    let width = digits(rest);
    rest = rest.get(width..).unwrap_or_default();
    let mut precision = 1;
    if let Some(behind) = rest.strip_prefix('.') {
        precision = digits(behind);
        rest = behind.get(precision..).unwrap_or_default();
    }
    // More digits than these are a size that no text has, and rustc would say so without a place.
    (1..=4).contains(&precision) && width <= 4 && matches!(rest, "" | "?")
}
