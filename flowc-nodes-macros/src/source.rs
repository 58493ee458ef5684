//! Where a template stands, and how a mistake in it is shown.

use proc_macro2::Span;
use syn::LitStr;

use crate::file;
use crate::template::{At, Wrong};

/// So many letters of a line are shown on each side of a mistake.
const AROUND: usize = 60;

/// A template as it is written.
pub(crate) struct Source {
    /// The literal of the template, or of the path of its file.
    pub(crate) literal: LitStr,
    pub(crate) text: String,
    /// The path of the file, as it is written.
    file: Option<String>,
    /// The line of the source file in which the literal begins, and the column of its first letter; nothing if escapes in the literal
    /// make its lines others than those of the file.
    begins: Option<(usize, usize)>,
}

impl Source {
    pub(crate) fn inline(literal: LitStr) -> Self {
        let text = literal.value();
        let begins = prefix(&literal, &text).map(|prefix| {
            let start = literal.span().start();
            (start.line, start.column + prefix)
        });
        Self { text, file: None, begins: begins.filter(|(line, _)| *line > 0), literal }
    }

    pub(crate) fn file(literal: LitStr) -> Result<Self, syn::Error> {
        match file::read(&literal) {
            Ok(text) => Ok(Self { text, file: Some(literal.value()), begins: None, literal }),
            Err(text) => Err(syn::Error::new(literal.span(), text)),
        }
    }

    pub(crate) fn is_inline(&self) -> bool {
        self.file.is_none()
    }

    pub(crate) fn error(&self, wrong: &Wrong) -> syn::Error {
        let (text, help) =
            wrong.text.split_once("\nhelp: ").map_or((&*wrong.text, None), |(text, help)| (text, Some(help)));
        let help = help.map(|help| format!("\nhelp: {help}")).unwrap_or_default();
        syn::Error::new(self.span(wrong.at), format!("{text}\n{}{help}", self.excerpt(wrong.at)))
    }

    /// The very place, where the compiler can name a part of a literal, which stable Rust cannot.
    fn span(&self, at: At) -> Span {
        let token = self.literal.token();
        let within = prefix(&self.literal, &self.text).filter(|_| self.is_inline());
        within.and_then(|prefix| token.subspan(prefix + at.start..prefix + at.end)).unwrap_or_else(|| token.span())
    }

    /// The place in words, the line, and what is wrong in it.
    fn excerpt(&self, at: At) -> String {
        let before = self.text.get(..at.start).unwrap_or(&self.text);
        let line_start = before.rfind('\n').map_or(0, |end| end + 1);
        let (index, column) =
            (before.matches('\n').count(), before.get(line_start..).unwrap_or_default().chars().count());
        let line = self.text.get(line_start..).and_then(|rest| rest.lines().next()).unwrap_or_default();
        let marked = self.text.get(at.start..at.end).map_or(1, |marked| marked.chars().count()).max(1);
        let shift = match self.begins {
            Some((_, first)) if index == 0 => first,
            _ => 0,
        };
        let number = index + self.begins.map_or(1, |(line, _)| line);
        let place = match &self.file {
            Some(path) => format!("{path}:{number}:{}", column + 1),
            None if self.begins.is_some() => format!("line {number}, column {}", column + shift + 1),
            None => format!("line {number}, column {} of the template", column + 1),
        };
        let from = column.saturating_sub(AROUND);
        let shown: String = line.chars().skip(from).take(column - from + marked.min(AROUND) + AROUND).collect();
        let shown = shown.replace(['\t', '\r'], " ");
        let margin = " ".repeat(number.to_string().len());
        let carets = format!("{}{}", " ".repeat(column - from), "^".repeat(marked.min(AROUND)));
        format!("{margin}--> {place}\n{margin} |\n{number} | {}\n{margin} | {carets}", shown.trim_end())
    }
}

/// The length of what stands in front of the text in its literal, if the text stands there as it is.
fn prefix(literal: &LitStr, text: &str) -> Option<usize> {
    let token = literal.token().to_string();
    let prefix = token.find('"')? + 1;
    (token.get(prefix..prefix + text.len()) == Some(text)).then_some(prefix)
}
