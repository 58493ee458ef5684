//! What has changed between two schemas, and whether it breaks who relied on the older one.

mod bounds;
mod change;
mod objects;
mod schema;
#[cfg(test)]
mod tests;
mod walk;

pub use change::{SchemaChange, Side};

use serde_json::Value;
use walk::Walk;

/// The differences between two schemas of one side of a step or a tool.
///
/// A difference of inputs is breaking if less is allowed than before, one of outputs if more may come. Everything else is compatible,
/// and words for people change nothing. Drafts 7 and 2020-12 of JSON Schema are understood.
///
/// ```
/// use flowc::schema::{Side, compare};
/// use serde_json::json;
///
/// let days = |most: u32| json!({ "type": "object", "properties": { "days": { "type": "integer", "maximum": most } } });
/// let changes = compare(Side::Input, &days(7), &days(5));
/// assert_eq!((changes[0].field(), changes[0].what()), ("days", "`maximum` is smaller"));
/// assert!(changes[0].is_breaking());
/// assert!(!compare(Side::Input, &days(5), &days(7))[0].is_breaking());
/// ```
pub fn compare(side: Side, old: &Value, new: &Value) -> Vec<SchemaChange> {
    Walk::new(side, old, new).changes()
}
