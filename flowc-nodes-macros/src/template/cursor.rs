//! What stands between two braces, word by word.

use super::{At, Condition, Name, Path, Pattern, Segment, Wrong};
use crate::messages as say;

pub(super) struct Cursor<'t> {
    rest: &'t str,
    /// Where `rest` begins in the template.
    place: usize,
}

impl<'t> Cursor<'t> {
    pub(super) fn new(text: &'t str, place: usize) -> Self {
        Self { rest: text, place }
    }

    fn forward(&mut self, bytes: usize) -> &'t str {
        let (taken, rest) = self.rest.split_at_checked(bytes).unwrap_or((self.rest, ""));
        self.rest = rest;
        self.place += taken.len();
        taken
    }

    fn space(&mut self) {
        self.forward(self.rest.len() - self.rest.trim_start().len());
    }

    /// Takes a sign, if it is next.
    pub(super) fn sign(&mut self, sign: &str) -> bool {
        self.space();
        let there = self.rest.starts_with(sign);
        if there {
            self.forward(sign.len());
        }
        there
    }

    /// Takes a word, if it is next: letters, digits and `_`.
    pub(super) fn word(&mut self) -> Option<Name> {
        self.space();
        let end = self.rest.find(|letter: char| !letter.is_alphanumeric() && letter != '_');
        let start = self.place;
        let text = self.forward(end.unwrap_or(self.rest.len()));
        (!text.is_empty()).then(|| Name { text: text.to_owned(), at: At { start, end: self.place } })
    }

    /// A name of Rust.
    fn name(&mut self) -> Result<Name, Wrong> {
        let name = self.word().ok_or_else(|| self.expected(say::NAME))?;
        if syn::parse_str::<syn::Ident>(&name.text).is_ok() || name.text == "_" {
            return Ok(name);
        }
        Err(Wrong { at: name.at, text: say::no_binding(&name.text) })
    }

    /// `doc.title`, `0.title`, `docs.len()`
    pub(super) fn path(&mut self) -> Result<Path, Wrong> {
        let first = self.word().ok_or_else(|| self.expected(say::VALUE))?;
        let mut rest = Vec::new();
        while self.sign(".") {
            let name = self.word().ok_or_else(|| self.expected(say::SEGMENT))?;
            let numbered = name.text.bytes().all(|byte| byte.is_ascii_digit());
            if !numbered && !is_name(&name.text) {
                return Err(Wrong { at: name.at, text: say::no_segment(&name.text) });
            }
            let call = self.sign("(");
            if call && (!self.sign(")") || numbered) {
                return Err(self.expected(say::CALL));
            }
            rest.push(Segment { name: name.text, call });
        }
        Ok(Path { first, rest })
    }

    pub(super) fn condition(&mut self) -> Result<Condition, Wrong> {
        let (rest, place) = (self.rest, self.place);
        if self.word().is_some_and(|word| word.text == "let") {
            let some = self.word().is_some_and(|word| word.text == "Some") && self.sign("(");
            if !some {
                return Err(self.expected(say::SOME));
            }
            let name = self.name()?;
            if !self.sign(")") || !self.sign("=") {
                return Err(self.expected(say::SOME));
            }
            return Ok(Condition::Some { name, value: self.path()? });
        }
        (self.rest, self.place) = (rest, place);
        let not = self.sign("!");
        Ok(Condition::Is { not, value: self.path()? })
    }

    /// `doc in docs`, `(key, value) in map`
    pub(super) fn items(&mut self) -> Result<(Pattern, Path), Wrong> {
        let tuple = self.sign("(");
        let mut names = vec![self.name()?];
        while tuple && self.sign(",") {
            names.push(self.name()?);
        }
        if tuple && !self.sign(")") || self.word().is_none_or(|word| word.text != "in") {
            return Err(self.expected(say::ITEMS));
        }
        Ok((Pattern { names, tuple }, self.path()?))
    }

    /// All that is left, with its place.
    pub(super) fn remainder(&mut self) -> (&'t str, At) {
        let start = self.place;
        let rest = self.forward(self.rest.len());
        (rest, At { start, end: self.place })
    }

    /// Nothing is left.
    pub(super) fn end(&mut self) -> Result<(), Wrong> {
        self.space();
        if self.rest.is_empty() { Ok(()) } else { Err(self.expected("`}`")) }
    }

    pub(super) fn expected(&mut self, what: &str) -> Wrong {
        self.space();
        let found = self.rest.chars().next();
        let length = found.map_or(1, char::len_utf8);
        Wrong { at: At { start: self.place, end: self.place + length }, text: say::expected(what, found) }
    }
}

/// Whether a field or a method may be called so: any word that does not begin with a digit, keywords included, which Rust writes as
/// `r#type`.
pub(crate) fn is_name(text: &str) -> bool {
    let reserved = matches!(text, "self" | "Self" | "super" | "crate" | "_");
    !reserved
        && !text.starts_with(|first: char| first.is_numeric())
        && syn::parse_str::<syn::Ident>(&format!("r#{text}")).is_ok()
}
