//! What a rename would change, as plain places.

use serde_json::Value;

use crate::{Place, Result};

/// One replaced name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edit {
    /// The file, relative to the fixture.
    pub file: String,
    /// Where the replaced text begins.
    pub place: Place,
    /// What stands there afterwards.
    pub text: String,
}

/// The edits of a `WorkspaceEdit`, sorted; `root` is the URI of the fixture.
///
/// # Errors
///
/// When the answer has another shape than the protocol says, or touches a file outside the fixture.
pub fn edits(root: &str, answer: &Value) -> Result<Vec<Edit>> {
    let mut found = Vec::new();
    let changes = answer["documentChanges"].as_array().ok_or_else(|| format!("no changes in {answer}"))?;
    for change in changes {
        let uri = change["textDocument"]["uri"].as_str().ok_or_else(|| format!("no file in {change}"))?;
        let file = relative(root, uri)?;
        for edit in change["edits"].as_array().ok_or_else(|| format!("no edits in {change}"))? {
            let text = edit["newText"].as_str().unwrap_or_default().to_owned();
            found.push(Edit { file: file.clone(), place: place(&edit["range"]["start"])?, text });
        }
    }
    found.sort();
    Ok(found)
}

/// The path of `uri` below `root`.
pub(crate) fn relative(root: &str, uri: &str) -> Result<String> {
    let file = uri.strip_prefix(root).ok_or_else(|| format!("{uri} lies outside the fixture"))?;
    Ok(file.trim_start_matches('/').to_owned())
}

/// A position of the protocol.
pub(crate) fn place(position: &Value) -> Result<Place> {
    let number = |key: &str| -> Result<usize> {
        let number = position[key].as_u64().ok_or_else(|| format!("no {key} in {position}"))?;
        Ok(usize::try_from(number)?)
    };
    Ok(Place { line: number("line")?, column: number("character")? })
}
