//! JSON, as far as a problem needs it: one object of texts, numbers and lists of texts.

use std::fmt::{self, Write};

/// An object that is being written.
pub(super) struct Object<'f, 'b> {
    f: &'f mut fmt::Formatter<'b>,
    first: bool,
}

impl<'f, 'b> Object<'f, 'b> {
    pub(super) fn open(f: &'f mut fmt::Formatter<'b>) -> Result<Self, fmt::Error> {
        f.write_char('{')?;
        Ok(Self { f, first: true })
    }

    pub(super) fn close(self) -> fmt::Result {
        self.f.write_char('}')
    }

    fn key(&mut self, name: &str) -> fmt::Result {
        if !std::mem::take(&mut self.first) {
            self.f.write_char(',')?;
        }
        text(self.f, name)?;
        self.f.write_char(':')
    }

    pub(super) fn text(&mut self, name: &str, value: &str) -> fmt::Result {
        self.key(name)?;
        text(self.f, value)
    }

    pub(super) fn maybe_text(&mut self, name: &str, value: Option<&str>) -> fmt::Result {
        value.map_or(Ok(()), |value| self.text(name, value))
    }

    pub(super) fn number(&mut self, name: &str, value: u64) -> fmt::Result {
        self.key(name)?;
        write!(self.f, "{value}")
    }

    pub(super) fn maybe_number(&mut self, name: &str, value: Option<u64>) -> fmt::Result {
        value.map_or(Ok(()), |value| self.number(name, value))
    }

    pub(super) fn texts(&mut self, name: &str, values: &[String]) -> fmt::Result {
        self.key(name)?;
        self.f.write_char('[')?;
        for (place, value) in values.iter().enumerate() {
            if place > 0 {
                self.f.write_char(',')?;
            }
            text(self.f, value)?;
        }
        self.f.write_char(']')
    }
}

fn text(f: &mut impl Write, value: &str) -> fmt::Result {
    f.write_char('"')?;
    for letter in value.chars() {
        match letter {
            '"' => f.write_str("\\\"")?,
            '\\' => f.write_str("\\\\")?,
            '\n' => f.write_str("\\n")?,
            '\r' => f.write_str("\\r")?,
            '\t' => f.write_str("\\t")?,
            // JSON allows the others above U+001F as they are; escaped, they do no harm where the text is looked at either.
            control if control.is_control() => write!(f, "\\u{:04x}", u32::from(control))?,
            other => f.write_char(other)?,
        }
    }
    f.write_char('"')
}
