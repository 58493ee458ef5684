//! Did you mean …?

/// The name that `written` was most likely meant to be, if one is near enough.
pub(crate) fn similar<'n>(written: &str, names: &[&'n str]) -> Option<&'n str> {
    let allowed = (written.chars().count() / 3).max(1);
    let near = names.iter().map(|name| (distance(written, name), *name));
    near.filter(|(distance, _)| *distance <= allowed).min_by_key(|(distance, _)| *distance).map(|(_, name)| name)
}

/// How many letters must be added, removed or replaced to come from `a` to `b`.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, x) in a.chars().enumerate() {
        let (mut corner, mut left) = (i, i + 1);
        for (cell, y) in row.iter_mut().skip(1).zip(b.chars()) {
            let above = *cell;
            *cell = (corner + usize::from(x != y)).min(above + 1).min(left + 1);
            (corner, left) = (above, *cell);
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_nearest() {
        let names = ["get-weather", "get-alerts"];
        assert_eq!(similar("get_weather", &names), Some("get-weather"));
        assert_eq!(similar("banana", &names), None);
        assert_eq!(distance("kitten", "sitting"), 3);
    }
}
