//! Runs of one engine in several settings, beside the same work as a bare task.

use std::fmt::Write as _;
use std::time::Duration;

use crate::measure::{Contestant, side_by_side};

/// How many steps the chains have.
const STEPS: f64 = 10.0;

pub(super) const HEAD: &str = "\
| chain of 10 | nodes | ns | times the bare task | ns more per step | allocs |
|---|---|---:|---:|---:|---:|
";

pub(super) const NOTES: &str = "
`bare task` is the same chain by hand, spawned. `ns more per step` is against the first engine below the bare task: the median of
the differences of batches that ran in turn, by ten. Times are those of the best batch.
";

/// The bare task, and the engines that are held against it; the first engine is the measure of the others.
pub(super) struct Lineup {
    pub(super) pace: &'static str,
    pub(super) bare: Contestant,
    pub(super) engines: Vec<Contestant>,
}

impl Lineup {
    /// A line for each of them.
    pub(super) fn lines(&self, each: Duration) -> Result<String, String> {
        let all: Vec<&Contestant> = std::iter::once(&self.bare).chain(&self.engines).collect();
        let against = |base: usize| all.iter().map(|one| (*one, base)).collect::<Vec<_>>();
        // Each ratio has a base of its own, so they are taken in two goes.
        let long = each * u32::try_from(all.len()).unwrap_or(1);
        let to_bare = side_by_side(&against(0), long / 2)?;
        let to_first = side_by_side(&against(1), long / 2)?;
        let mut lines = String::new();
        for (at, one) in all.iter().enumerate() {
            let more = if at < 2 { String::new() } else { format!("{:.1}", to_first[at].more / STEPS) };
            let _ = writeln!(
                lines,
                "| {} | {} | {:.0} | {:.2} | {more} | {} |",
                one.name,
                self.pace,
                to_bare[at].least.min(to_first[at].least),
                to_bare[at].ratio,
                to_bare[at].allocations
            );
        }
        Ok(lines)
    }
}
