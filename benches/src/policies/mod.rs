//! What each policy costs while nothing goes wrong: a chain of ten with it at each step, against the same chain without.

mod ready;
mod yielding;

use std::time::Duration;

use crate::measure::{Contestant, side_by_side};

/// How many steps the chains have.
const STEPS: f64 = 10.0;

const HEAD: &str = "\
| policy at each step | nodes | `.run` without ns | with | more per step | allocs | future without | with | engine without ns | with | more per step | allocs more |
|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|
";

const NOTES: &str = "
A chain of ten; nothing fails, waits or is refused. `more per step` is the median of the differences of batches that ran in turn, by
ten; the other times are those of the best batch. `none` is the chain against itself: what differs there is noise.
";

/// A chain with a policy beside the one without.
pub(crate) struct Row {
    title: &'static str,
    pace: &'static str,
    plain: Contestant,
    with: Contestant,
    plain_engine: Contestant,
    with_engine: Contestant,
}

/// Measures every row whose title contains the filter, and prints as it goes.
pub(crate) fn run(each: Duration, filter: Option<&str>) -> Result<String, String> {
    let mut table = String::from(HEAD);
    print!("{table}");
    let (ready, yielding) = (ready::rows(), yielding::rows());
    for row in ready.into_iter().zip(yielding).flat_map(|(ready, yielding)| [ready, yielding]) {
        let title = format!("{} ({})", row.title, row.pace);
        if filter.is_some_and(|filter| !title.contains(filter)) {
            continue;
        }
        let line = row.line(each).map_err(|why| format!("{title}: {why}"))?;
        print!("{line}");
        table += &line;
    }
    print!("{NOTES}");
    Ok(table + NOTES)
}

impl Row {
    fn line(&self, each: Duration) -> Result<String, String> {
        let contestants = [(&self.plain, 0), (&self.with, 0), (&self.plain_engine, 2), (&self.with_engine, 2)];
        let taken = side_by_side(&contestants, each)?;
        let [plain, with, plain_engine, with_engine] = taken.as_slice() else {
            return Err("four were measured, and not four came back".into());
        };
        let size = |one: &Contestant| one.size.map_or_else(String::new, |size| size.to_string());
        Ok(format!(
            "| {} | {} | {:.1} | {:.1} | {:.1} | {} | {} | {} | {:.0} | {:.0} | {:.0} | {} |\n",
            self.title,
            self.pace,
            plain.least,
            with.least,
            with.more / STEPS,
            with.allocations,
            size(&self.plain),
            size(&self.with),
            plain_engine.least,
            with_engine.least,
            with_engine.more / STEPS,
            i128::from(with_engine.allocations) - i128::from(plain_engine.allocations),
        ))
    }
}
