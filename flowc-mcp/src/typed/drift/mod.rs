//! What has changed between the tools that a program was built with and the tools that a server has.

mod change;
#[cfg(test)]
mod tests;

pub use change::Change;
pub use flowc::schema::Side;

use std::fmt;

use flowc::schema::compare;

use super::Snapshot;
use crate::Tool;

/// The differences between a snapshot and a server.
///
/// A difference is breaking if a step that was compiled with the snapshot may fail because of it: a tool or a field is gone, an
/// argument is needed that was not, less is allowed than before, or a result may be what its type cannot hold. Everything else is
/// compatible.
///
/// ```
/// use flowc_mcp::typed::{Drift, Snapshot};
///
/// let before: Snapshot = r#"{"server": "weather", "tools": [{"name": "forecast",
///     "inputSchema": {"type": "object", "properties": {"city": {"type": "string"}}}}]}"#.parse()?;
/// let after: Snapshot = r#"{"server": "weather", "tools": [{"name": "forecast",
///     "inputSchema": {"type": "object", "properties": {"city": {"type": "integer"}}}}]}"#.parse()?;
/// let drift = Drift::between(&before, &after);
/// assert!(drift.is_breaking());
/// assert_eq!(drift.to_string(), "tool `forecast`, input `city`: another type\n  - \"string\"\n  + \"integer\"");
/// # Ok::<(), flowc_mcp::typed::NoSnapshot>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drift {
    changes: Vec<Change>,
}

impl Drift {
    /// What has become of the tools of `before` in `after`.
    pub fn between(before: &Snapshot, after: &Snapshot) -> Self {
        Self::of(&before.tools, &after.tools, |_| true)
    }

    /// The same for the tools that are `used`; another tool that is gone or changed breaks nothing.
    pub(super) fn of(before: &[Tool], after: &[Tool], used: impl Fn(&str) -> bool) -> Self {
        let mut changes = Vec::new();
        for old in before.iter().filter(|tool| used(&tool.name)) {
            match after.iter().find(|tool| tool.name == old.name) {
                Some(new) => changes.extend(tool(old, new)),
                None => changes.push(Change::whole_tool(&old.name, "gone", true)),
            }
        }
        for new in after.iter().filter(|tool| before.iter().all(|old| old.name != tool.name)) {
            changes.push(Change::whole_tool(&new.name, "new", false));
        }
        Self { changes }
    }

    /// All differences, in the order of the tools.
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// Nothing has changed that a program could notice.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// A step that was compiled with the snapshot may fail because of it.
    pub fn is_breaking(&self) -> bool {
        self.changes.iter().any(Change::is_breaking)
    }

    /// Only what is breaking.
    #[must_use]
    pub fn breaking(self) -> Self {
        Self { changes: self.changes.into_iter().filter(Change::is_breaking).collect() }
    }
}

/// A line for each difference, with the old text behind `-` and the new one behind `+` where there is one.
impl fmt::Display for Drift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, change) in self.changes.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{change}")?;
        }
        Ok(())
    }
}

fn tool(old: &Tool, new: &Tool) -> Vec<Change> {
    let compared = |side, before, after| {
        compare(side, before, after).into_iter().map(move |change| Change::of(&old.name, side, change))
    };
    let mut changes: Vec<_> = compared(Side::Input, &old.input_schema, &new.input_schema).collect();
    match (&old.output_schema, &new.output_schema) {
        (Some(before), Some(after)) => changes.extend(compared(Side::Output, before, after)),
        // Without a schema the step gives all of the result, which still comes.
        (None, Some(_)) => changes.push(Change::whole(&old.name, Side::Output, "now has a schema", false)),
        (Some(_), None) => changes.push(Change::whole(&old.name, Side::Output, "has no schema any more", true)),
        (None, None) => {}
    }
    changes
}
