//! Which keys there are, each at most once.

use super::{Entries, Entry, similar};
use crate::diag::Diag;
use crate::messages::options as text;

/// Hands each entry whose key is known to `take`; says what is wrong with the others. `what` names the place, as in "`retry`". Gives
/// whether all entries are known: of one that is not, nobody can say what it stands for, and so nothing is missing.
pub(crate) fn each(
    entries: Entries,
    what: &str,
    known: &[&str],
    diag: &mut Diag,
    mut take: impl FnMut(&str, Entry, &mut Diag),
) -> bool {
    let (mut seen, mut all) = (Vec::new(), entries.whole);
    for entry in entries.read {
        let key = entry.key.to_string();
        if !known.contains(&key.as_str()) {
            diag.at(&entry.key, text::unknown(what, &key, similar(&key, known), known));
            all = false;
        } else if seen.contains(&key) {
            diag.at(&entry.key, text::twice(&key));
        } else {
            take(&key, entry, diag);
            seen.push(key);
        }
    }
    all
}
