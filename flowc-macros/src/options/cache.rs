//! `cache(key = path, ttl = "10m", max = 1000)`. It is checked here; nothing acts on it yet.

use proc_macro2::Span;

use super::{Entry, each, list, path, value};
use crate::diag::Diag;
use crate::messages::options as text;

const EXAMPLE: &str = "cache(key = Query::cache_key, ttl = \"10m\")";

/// The span of the key `cache`.
pub(super) fn parse(entry: &Entry, diag: &mut Diag) -> Option<Span> {
    let mut keyed = false;
    if let super::Value::List(_) = entry.value {
        let entries = list(entry, EXAMPLE, diag)?;
        each(entries, "`cache`", &["key", "ttl", "max"], diag, |key, entry, diag| match key {
            "key" => {
                keyed = true;
                path(&entry, "key = Query::cache_key", diag);
            }
            "ttl" => {
                value::some_duration(&entry, "ttl = \"10m\"", diag);
            }
            _ => {
                value::count(&entry, "max = 1000", diag);
            }
        });
    }
    if keyed {
        return Some(entry.key.span());
    }
    diag.at(&entry.key, text::missing("cache", "key", EXAMPLE));
    None
}
