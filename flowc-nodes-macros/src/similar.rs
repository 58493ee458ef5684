//! Did you mean …?

use strsim::osa_distance;

/// The name that `written` was most likely meant to be, if one is near enough.
pub(crate) fn similar<'n>(written: &str, names: &[&'n str]) -> Option<&'n str> {
    let allowed = (written.chars().count() / 3).max(1);
    let near = names.iter().map(|name| (osa_distance(written, name), *name));
    near.filter(|(distance, _)| *distance <= allowed).min_by_key(|(distance, _)| *distance).map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_nearest() {
        let names = ["question", "docs"];
        assert_eq!(similar("qusetion", &names), Some("question"));
        assert_eq!(similar("doc", &names), Some("docs"));
        assert_eq!(similar("banana", &names), None);
    }
}
