//! One difference.

use std::fmt;

use flowc::schema::{SchemaChange, Side};

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
    what: What,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum What {
    /// Something of the tool as a whole, in words.
    Tool {
        side: Option<Side>,
        what: &'static str,
        breaking: bool,
    },
    Schema(Side, SchemaChange),
}

impl Change {
    pub(super) fn whole_tool(tool: &str, what: &'static str, breaking: bool) -> Self {
        Self { tool: tool.to_owned(), what: What::Tool { side: None, what, breaking } }
    }

    pub(super) fn whole(tool: &str, side: Side, what: &'static str, breaking: bool) -> Self {
        Self { tool: tool.to_owned(), what: What::Tool { side: Some(side), what, breaking } }
    }

    pub(super) fn of(tool: &str, side: Side, change: SchemaChange) -> Self {
        Self { tool: tool.to_owned(), what: What::Schema(side, change) }
    }

    fn schema(&self) -> Option<&SchemaChange> {
        match &self.what {
            What::Tool { .. } => None,
            What::Schema(_, change) => Some(change),
        }
    }

    /// The tool, as the server calls it.
    pub fn tool(&self) -> &str {
        &self.tool
    }

    /// Where in the tool; nothing if it is the tool as a whole.
    pub fn side(&self) -> Option<Side> {
        match self.what {
            What::Tool { side, .. } => side,
            What::Schema(side, _) => Some(side),
        }
    }

    /// The path of the field, such as `days[].high`; empty if it is all of that side.
    pub fn field(&self) -> &str {
        self.schema().map_or("", SchemaChange::field)
    }

    /// What has changed, in words.
    pub fn what(&self) -> &str {
        match &self.what {
            What::Tool { what, .. } => what,
            What::Schema(_, change) => change.what(),
        }
    }

    /// What stood in the snapshot, as JSON.
    pub fn before(&self) -> Option<&str> {
        self.schema().and_then(SchemaChange::before)
    }

    /// What the server says, as JSON.
    pub fn after(&self) -> Option<&str> {
        self.schema().and_then(SchemaChange::after)
    }

    /// A step that was compiled with the snapshot may fail because of it.
    pub fn is_breaking(&self) -> bool {
        match &self.what {
            What::Tool { breaking, .. } => *breaking,
            What::Schema(_, change) => change.is_breaking(),
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "tool `{}`", self.tool)?;
        match self.side() {
            None => return write!(f, " is {}", self.what()),
            Some(Side::Input) => f.write_str(", input")?,
            Some(Side::Output) => f.write_str(", output")?,
        }
        match &self.what {
            What::Tool { what, .. } => write!(f, ": {what}"),
            What::Schema(_, change) => change.fmt(f),
        }
    }
}
