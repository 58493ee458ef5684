//! The file of a cassette.

use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One call.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Entry {
    pub(super) step: String,
    pub(super) inputs: Value,
    pub(super) output: Value,
}

#[derive(Serialize, Deserialize)]
struct File<E> {
    version: u32,
    calls: Vec<E>,
}

const VERSION: u32 = 1;

pub(super) fn read(path: &Path) -> io::Result<Vec<Entry>> {
    let wrong = |kind, why: String| io::Error::new(kind, format!("the cassette {} {why}", path.display()));
    let text =
        std::fs::read_to_string(path).map_err(|error| wrong(error.kind(), format!("cannot be read: {error}")))?;
    let file: File<Entry> = serde_json::from_str(&text)
        .map_err(|error| wrong(io::ErrorKind::InvalidData, format!("is not in order: {error}")))?;
    if file.version != VERSION {
        let why = format!("is of version {}, and this flowc reads {VERSION}; record it anew", file.version);
        return Err(wrong(io::ErrorKind::InvalidData, why));
    }
    Ok(file.calls)
}

/// Writes the file, whole or not at all. Calls that ran side by side end in any order, so they are sorted: what did not change stays
/// where it is.
pub(super) fn write<'e>(path: &Path, entries: impl Iterator<Item = &'e Entry>) -> io::Result<()> {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let mut calls: Vec<&Entry> = entries.collect();
    calls.sort_by_cached_key(|entry| (super::golden::parts(&entry.step), entry.inputs.to_string()));
    let text = serde_json::to_string_pretty(&File { version: VERSION, calls })? + "\n";
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)?;
    }
    let mut beside = path.as_os_str().to_owned();
    beside.push(format!(".{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed)));
    std::fs::write(&beside, text)?;
    std::fs::rename(&beside, path).inspect_err(|_| {
        let _ = std::fs::remove_file(&beside);
    })
}

/// Changes every text in a value.
pub(super) fn each_text(value: &mut Value, change: &dyn Fn(&str) -> String) {
    match value {
        Value::String(text) => *text = change(text),
        Value::Array(items) => items.iter_mut().for_each(|item| each_text(item, change)),
        Value::Object(fields) => fields.values_mut().for_each(|field| each_text(field, change)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

pub(super) fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default() + "\n"
}
