//! Counting tests in what their runners print.

/// How many tests passed and failed. A check that has no tests counts as one.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Counts {
    pub(super) passed: usize,
    pub(super) failed: usize,
}

impl Counts {
    pub(super) const PASSED_CHECK: Self = Self { passed: 1, failed: 0 };
    pub(super) const FAILED_CHECK: Self = Self { passed: 0, failed: 1 };

    pub(super) fn plus(self, other: Self) -> Self {
        Self { passed: self.passed + other.passed, failed: self.failed + other.failed }
    }
}

/// The last summary of nextest: `Summary [ 1.2s] 5 tests run: 3 passed (1 slow), 1 failed, 1 timed out, 2 skipped`.
pub(super) fn of_nextest(output: &str) -> Option<Counts> {
    let plain = without_colour(output);
    let summary = plain.lines().rev().find(|line| line.trim_start().starts_with("Summary ["))?;
    let figures = summary.split_once(':').map(|(_, figures)| figures)?;
    Some(Counts {
        passed: figure(figures, &["passed"]),
        failed: figure(figures, &["failed", "exec failed", "timed out", "aborted"]),
    })
}

/// All summaries of libtest: `test result: ok. 3 passed; 0 failed; 1 ignored; ...`, one for each crate.
pub(super) fn of_libtest(output: &str) -> Counts {
    let plain = without_colour(output);
    let results = plain.lines().filter_map(|line| line.strip_prefix("test result: ")?.split_once(". "));
    results.fold(Counts::default(), |sum, (_, figures)| {
        sum.plus(Counts { passed: figure(figures, &["passed"]), failed: figure(figures, &["failed"]) })
    })
}

/// The sum of the numbers that stand before one of the words.
fn figure(text: &str, words: &[&str]) -> usize {
    let parts = text.split([',', ';', '(']).filter_map(|part| part.trim().trim_end_matches(')').split_once(' '));
    parts.filter(|(_, word)| words.contains(word)).filter_map(|(number, _)| number.parse::<usize>().ok()).sum()
}

/// The text without the escape sequences that colour a terminal.
fn without_colour(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let mut plain = parts.next().unwrap_or_default().to_string();
    for part in parts {
        plain.push_str(part.split_once('m').map_or(part, |(_, rest)| rest));
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nextest_is_counted() {
        let good = "────\n     Summary [   0.030s] 42 tests run: 42 passed (1 slow), 3 skipped\n";
        assert_eq!(of_nextest(good), Some(Counts { passed: 42, failed: 0 }));
        let bad = "     Summary [   2.1s] 6/9 tests run: 3 passed, 1 failed, 1 timed out, 1 exec failed, 0 skipped\n        FAIL a\n";
        assert_eq!(of_nextest(bad), Some(Counts { passed: 3, failed: 3 }));
        assert_eq!(of_nextest("error: could not compile `a`\n"), None);
    }

    #[test]
    fn colour_does_not_matter() {
        let coloured = "\u{1b}[32;1m     Summary\u{1b}[0m [   0.030s] \u{1b}[1m2\u{1b}[0m tests run: \u{1b}[1m2\u{1b}[0m \u{1b}[32;1mpassed\u{1b}[0m, \u{1b}[1m0\u{1b}[0m skipped";
        assert_eq!(of_nextest(coloured), Some(Counts { passed: 2, failed: 0 }));
    }

    #[test]
    fn the_crates_of_libtest_add_up() {
        let output = "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.1s\n\
                      test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out\n";
        assert_eq!(of_libtest(output), Counts { passed: 4, failed: 2 });
        assert_eq!(of_libtest(""), Counts::default());
    }
}
