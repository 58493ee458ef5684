//! Source text in which places have names: `let /*^docs*/docs = search(&/*^query*/query);`.

use std::collections::BTreeMap;

use crate::Result;

const OPEN: &str = "/*^";
const CLOSE: &str = "*/";

/// A position as the language server counts: lines from zero, columns in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line, from zero.
    pub line: usize,
    /// The column in bytes, from zero.
    pub column: usize,
}

/// A text without its marks, and where they stood.
#[derive(Clone, Debug)]
pub struct Marked {
    /// The text as the compiler sees it.
    pub text: String,
    places: BTreeMap<String, Vec<Place>>,
}

impl Marked {
    /// Takes the marks out of `source`. A mark is written before the thing it names, and may stand at several places.
    ///
    /// ```
    /// # fn main() -> flowc_ide_tests::Result<()> {
    /// use flowc_ide_tests::{Marked, Place};
    ///
    /// let marked = Marked::new("let /*^a*/a = 1;\nf(/*^a*/a)")?;
    /// assert_eq!(marked.text, "let a = 1;\nf(a)");
    /// assert_eq!(marked.all("a")?, [Place { line: 0, column: 4 }, Place { line: 1, column: 2 }]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// When a mark is not closed.
    pub fn new(source: &str) -> Result<Self> {
        let mut pieces = source.split(OPEN);
        let mut text = pieces.next().unwrap_or_default().to_owned();
        let mut places = BTreeMap::<String, Vec<Place>>::new();
        for piece in pieces {
            let (name, rest) = piece.split_once(CLOSE).ok_or("a mark in the template is not closed by `*/`")?;
            let line_start = text.rfind('\n').map_or(0, |at| at + 1);
            let place = Place { line: text.matches('\n').count(), column: text.len() - line_start };
            places.entry(name.to_owned()).or_default().push(place);
            text.push_str(rest);
        }
        Ok(Self { text, places })
    }

    /// Every place with this name, in the order of the text.
    ///
    /// # Errors
    ///
    /// When there is none: a test that asks nowhere would pass.
    pub fn all(&self, name: &str) -> Result<&[Place]> {
        let places = self.places.get(name).ok_or_else(|| format!("the template has no mark `{name}`"))?;
        Ok(places)
    }

    /// The first place with this name: for a binding, its definition.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub fn first(&self, name: &str) -> Result<Place> {
        let first = self.all(name)?.first().copied();
        Ok(first.ok_or_else(|| format!("the template has no mark `{name}`"))?)
    }

    /// The names of all marks.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.places.keys().map(String::as_str)
    }
}
