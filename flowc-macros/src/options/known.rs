//! Which keys there are, each at most once.

use super::{Entry, similar};
use crate::diag::Diag;
use crate::messages::options as text;

/// Hands each entry whose key is known to `take`; says what is wrong with the others. `what` names the place, as in "`retry`".
pub(crate) fn each(
    entries: Vec<Entry>,
    what: &str,
    known: &[&str],
    diag: &mut Diag,
    mut take: impl FnMut(&str, Entry, &mut Diag),
) {
    let mut seen = Vec::new();
    for entry in entries {
        let key = entry.key.to_string();
        if !known.contains(&key.as_str()) {
            diag.at(&entry.key, text::unknown(what, &key, similar(&key, known), known));
        } else if seen.contains(&key) {
            diag.at(&entry.key, text::twice(&key));
        } else {
            take(&key, entry, diag);
            seen.push(key);
        }
    }
}
