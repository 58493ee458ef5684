//! One difference.

use std::fmt;

use serde_json::Value;

/// The arguments of a tool, or what it gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Side {
    /// The arguments.
    Input,
    /// The structured result.
    Output,
}

/// One difference between a snapshot and a server.
///
/// ```
/// use flowc_mcp::typed::{Drift, Side, Snapshot};
///
/// let before: Snapshot = r#"{"server": "weather", "tools": [{"name": "forecast",
///     "inputSchema": {"type": "object", "properties": {"days": {"type": "integer", "maximum": 7}}}}]}"#.parse()?;
/// let after: Snapshot = r#"{"server": "weather", "tools": [{"name": "forecast",
///     "inputSchema": {"type": "object", "properties": {"days": {"type": "integer", "maximum": 5}}}}]}"#.parse()?;
/// let drift = Drift::between(&before, &after);
/// let change = &drift.changes()[0];
/// assert_eq!((change.tool(), change.side(), change.field()), ("forecast", Some(Side::Input), "days"));
/// assert_eq!((change.what(), change.before(), change.after()), ("`maximum` is smaller", Some("7"), Some("5")));
/// # Ok::<(), flowc_mcp::typed::NoSnapshot>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    tool: String,
    side: Option<Side>,
    field: String,
    what: String,
    old: Option<String>,
    new: Option<String>,
    breaking: bool,
}

/// What a change does to what is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    Less,
    More,
    /// Some of it is not allowed any more, some of it is new.
    Other,
}

impl Change {
    pub(super) fn whole_tool(tool: &str, what: &str, breaking: bool) -> Self {
        let (tool, what) = (tool.to_owned(), what.to_owned());
        Self { tool, side: None, field: String::new(), what, old: None, new: None, breaking }
    }

    pub(super) fn whole(tool: &str, side: Side, what: &str, breaking: bool) -> Self {
        Self { side: Some(side), ..Self::whole_tool(tool, what, breaking) }
    }

    pub(super) fn at(mut self, field: &str, old: Option<&Value>, new: Option<&Value>) -> Self {
        field.clone_into(&mut self.field);
        self.old = old.map(ToString::to_string);
        self.new = new.map(ToString::to_string);
        self
    }

    /// The tool, as the server calls it.
    pub fn tool(&self) -> &str {
        &self.tool
    }

    /// Where in the tool; nothing if it is the tool as a whole.
    pub fn side(&self) -> Option<Side> {
        self.side
    }

    /// The path of the field, such as `days[].high`; empty if it is all of that side.
    pub fn field(&self) -> &str {
        &self.field
    }

    /// What has changed, in words.
    pub fn what(&self) -> &str {
        &self.what
    }

    /// What stood in the snapshot, as JSON.
    pub fn before(&self) -> Option<&str> {
        self.old.as_deref()
    }

    /// What the server says, as JSON.
    pub fn after(&self) -> Option<&str> {
        self.new.as_deref()
    }

    /// A step that was compiled with the snapshot may fail because of it.
    pub fn is_breaking(&self) -> bool {
        self.breaking
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "tool `{}`", self.tool)?;
        match self.side {
            None => return write!(f, " is {}", self.what),
            Some(Side::Input) => f.write_str(", input")?,
            Some(Side::Output) => f.write_str(", output")?,
        }
        if !self.field.is_empty() {
            write!(f, " `{}`", self.field)?;
        }
        write!(f, ": {}", self.what)?;
        if let Some(old) = &self.old {
            write!(f, "\n  - {old}")?;
        }
        if let Some(new) = &self.new {
            write!(f, "\n  + {new}")?;
        }
        Ok(())
    }
}
