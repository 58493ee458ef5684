//! Did you mean …?

use strsim::levenshtein;

/// The name that `written` was most likely meant to be, if one is near enough.
pub(crate) fn similar<'n>(written: &str, names: &[&'n str]) -> Option<&'n str> {
    let allowed = (written.chars().count() / 3).max(1);
    names
        .iter()
        .map(|name| (levenshtein(written, name), *name))
        .filter(|(distance, name)| *distance <= allowed || (written.len() > 3 && name.starts_with(written)))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_nearest() {
        let names = ["timeout", "retry", "rate"];
        assert_eq!(similar("timout", &names), Some("timeout"));
        assert_eq!(similar("rety", &names), Some("retry"));
        assert_eq!(similar("banana", &names), None);
    }
}
