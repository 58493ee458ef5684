//! What is looked at before a node is registered.

use semver::Version;
use serde_json::Value;

use super::NodeInfo;
use super::error::{Changes, RegisterError, Wrong};
use crate::schema::{SchemaChange, Side, compare};

/// The version of a node that is well-formed in itself.
///
/// # Errors
/// Its name, its version or a schema is not.
pub(super) fn alone(info: &NodeInfo) -> Result<Version, RegisterError> {
    if info.name.is_empty() || info.name.contains(|letter: char| letter == '@' || letter.is_whitespace()) {
        return Err(refused(info, Wrong::Name));
    }
    for (side, schema) in [(Side::Input, &info.input_schema), (Side::Output, &info.output_schema)] {
        if !schema.is_object() {
            return Err(refused(info, Wrong::Schema { side, found: found(schema) }));
        }
    }
    Version::parse(&info.version).map_err(|why| refused(info, Wrong::Version { why: why.to_string() }))
}

/// Two nodes of one name and version.
///
/// # Errors
/// They are not the same.
pub(super) fn same(first: &NodeInfo, second: &NodeInfo) -> Result<(), RegisterError> {
    if first == second {
        return Ok(());
    }
    let origin = |info: &NodeInfo| if info.origin.is_empty() { "elsewhere".to_owned() } else { info.origin.clone() };
    let changes = changes(first, second).collect();
    Err(refused(second, Wrong::Twice { first: origin(first), second: origin(second), changes }))
}

/// Two versions of a node that follow each other, one of which is `new`.
///
/// # Errors
/// The later one is to be compatible by its number, and is not.
pub(super) fn follows(
    (from, older): (&Version, &NodeInfo),
    (to, later): (&Version, &NodeInfo),
    new: &NodeInfo,
) -> Result<(), RegisterError> {
    if !promised(from, to) {
        return Ok(());
    }
    let changes: Changes = changes(older, later).filter(|(_, change)| change.is_breaking()).collect();
    if changes.is_empty() {
        return Ok(());
    }
    let next = if to.major == 0 { Version::new(0, to.minor + 1, 0) } else { Version::new(to.major + 1, 0, 0) };
    Err(refused(new, Wrong::Breaks { from: from.clone(), to: to.clone(), next, changes }))
}

/// Whether callers of `from` may be given `to`, by the rules of Cargo: below 1.0 the second number tells, below 0.1 the third.
fn promised(from: &Version, to: &Version) -> bool {
    // What comes before a release promises nothing.
    let released = from.pre.is_empty() && to.pre.is_empty();
    released
        && match (from.major, from.minor) {
            (0, 0) => false,
            (0, minor) => to.major == 0 && to.minor == minor,
            (major, _) => to.major == major,
        }
}

fn changes(old: &NodeInfo, new: &NodeInfo) -> impl Iterator<Item = (Side, SchemaChange)> {
    let of = |side, old, new| compare(side, old, new).into_iter().map(move |change| (side, change));
    of(Side::Input, &old.input_schema, &new.input_schema).chain(of(
        Side::Output,
        &old.output_schema,
        &new.output_schema,
    ))
}

pub(super) fn refused(info: &NodeInfo, what: Wrong) -> RegisterError {
    RegisterError { name: info.name.clone(), version: info.version.clone(), what: Box::new(what) }
}

fn found(schema: &Value) -> String {
    let text = schema.to_string();
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}
