//! Numbers between brackets.

/// `[1]`, and each of `[1, 3]`. What stands in code is no citation.
pub(crate) fn citations(text: &str) -> Vec<usize> {
    let mut found = Vec::new();
    for prose in text.split('`').step_by(2) {
        for after in prose.split('[').skip(1) {
            let Some((inside, _)) = after.split_once(']') else { continue };
            let numbers: Result<Vec<usize>, _> = inside.split(',').map(|part| part.trim().parse()).collect();
            found.extend(numbers.unwrap_or_default());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::citations;

    #[test]
    fn only_numbers_are_citations() {
        assert_eq!(citations("So [1]. And [2, 10], see [there], `list[3]` and [4"), [1, 2, 10]);
    }
}
