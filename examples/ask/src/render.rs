//! What the terminal shows: the answer with its sources.

mod answer;

pub use answer::{answer, part, question, rest};

/// Whether text may be coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Letters only.
    Plain,
    /// With the colours and weights of a terminal.
    Colour,
}

impl Style {
    fn bold(self, text: &str) -> String {
        self.wrap("1", text)
    }

    fn dim(self, text: &str) -> String {
        self.wrap("2", text)
    }

    fn green(self, text: &str) -> String {
        self.wrap("32", text)
    }

    fn cyan(self, text: &str) -> String {
        self.wrap("36", text)
    }

    fn wrap(self, code: &str, text: &str) -> String {
        match self {
            Self::Plain => text.to_owned(),
            Self::Colour => format!("\x1b[{code}m{text}\x1b[0m"),
        }
    }
}

/// Text from files, models and servers, without what would steer the terminal.
fn harmless(text: &str) -> String {
    text.chars().map(|sign| if sign.is_control() && !matches!(sign, '\n' | '\t') { '\u{fffd}' } else { sign }).collect()
}
