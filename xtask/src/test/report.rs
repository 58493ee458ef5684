//! The end of a run: a table of stages, and one line for machines.

use std::time::Duration;

use super::counts::Counts;

pub(super) struct Line {
    pub(super) name: &'static str,
    pub(super) took: Duration,
    pub(super) outcome: Outcome,
}

#[derive(Clone, Copy)]
pub(super) enum Outcome {
    Passed(Counts),
    Failed(Counts),
}

impl Outcome {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Passed(_) => "passed",
            Self::Failed(_) => "FAILED",
        }
    }

    fn counts(self) -> Counts {
        match self {
            Self::Passed(counts) | Self::Failed(counts) => counts,
        }
    }
}

/// The table, closed by `N passed, N failed` alone on a line.
pub(super) fn table(lines: &[Line]) -> String {
    let mut rows = vec![format!("{:<12} {:>9}  {:<7} {:>7} {:>7}", "stage", "time", "result", "passed", "failed")];
    for line in lines {
        let (counts, word) = (line.outcome.counts(), line.outcome.word());
        let took = seconds(line.took);
        rows.push(format!("{:<12} {took:>9}  {word:<7} {:>7} {:>7}", line.name, counts.passed, counts.failed));
    }
    let sum = lines.iter().fold(Counts::default(), |sum, line| sum.plus(line.outcome.counts()));
    rows.push(format!("{:<12} {:>9}", "all", seconds(lines.iter().map(|line| line.took).sum())));
    rows.extend([String::new(), format!("{} passed, {} failed", sum.passed, sum.failed)]);
    rows.join("\n")
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_closes_on_the_sum() {
        let line = |name, seconds, outcome| Line { name, took: Duration::from_secs(seconds), outcome };
        let lines = [
            line("fmt", 1, Outcome::Passed(Counts::PASSED_CHECK)),
            line("nextest", 62, Outcome::Failed(Counts { passed: 40, failed: 2 })),
        ];
        let table = table(&lines);
        assert!(table.contains("nextest         62.0 s  FAILED       40       2\n"), "{table}");
        assert!(table.contains("all             63.0 s\n"), "{table}");
        assert_eq!(table.lines().last(), Some("41 passed, 2 failed"));
    }
}
