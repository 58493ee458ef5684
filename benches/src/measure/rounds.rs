//! Contestants side by side: rounds in which each has one batch.

use std::time::{Duration, Instant};

use super::Contestant;

/// What came out for one contestant.
pub(crate) struct Taken {
    /// Nanoseconds of one run in the best batch.
    pub(crate) least: f64,
    /// Against its base: the median of the ratios of batches that ran side by side.
    pub(crate) ratio: f64,
    /// Nanoseconds of one run more than its base: the median of the differences of such batches.
    pub(crate) more: f64,
    /// What one run allocates.
    pub(crate) allocations: u64,
}

/// Measures all contestants for about `long`. Each comes with the place of the one that it is compared with.
pub(crate) fn side_by_side(contestants: &[(&Contestant, usize)], long: Duration) -> Result<Vec<Taken>, String> {
    agree(contestants)?;
    let allocations: Vec<u64> = contestants.iter().map(|(one, _)| allocations(one)).collect();
    let times: Vec<u32> = contestants.iter().map(|(one, _)| times(one)).collect();
    let mut batches: Vec<Vec<f64>> = vec![Vec::new(); contestants.len()];
    let start = Instant::now();
    let mut first = 0;
    while start.elapsed() < long {
        // Another one begins each round: being first or last is no one's luck.
        for turn in 0..contestants.len() {
            let at = (first + turn) % contestants.len();
            let (took, _) = (contestants[at].0.batch)(times[at]);
            batches[at].push(took.as_secs_f64() * 1e9 / f64::from(times[at]));
        }
        first += 1;
    }
    let taken = contestants.iter().zip(&batches).zip(allocations).map(|(((_, base), mine), allocations)| {
        let pairs = || mine.iter().zip(&batches[*base]);
        Taken {
            least: mine.iter().copied().fold(f64::INFINITY, f64::min),
            ratio: median(pairs().map(|(mine, base)| mine / base).collect()),
            more: median(pairs().map(|(mine, base)| mine - base).collect()),
            allocations,
        }
    });
    Ok(taken.collect())
}

/// All must have the same result, or they have not done the same work.
fn agree(contestants: &[(&Contestant, usize)]) -> Result<(), String> {
    let results: Vec<u64> = contestants.iter().map(|(one, _)| (one.batch)(1).1).collect();
    for ((one, _), result) in contestants.iter().zip(&results) {
        if *result != results[0] {
            return Err(format!("{} gives {result}, {} gives {}", one.name, contestants[0].0.name, results[0]));
        }
    }
    Ok(())
}

/// What one run allocates once it is warm, on average over a few.
fn allocations(contestant: &Contestant) -> u64 {
    const RUNS: u32 = 16;
    (contestant.batch)(RUNS);
    let counted = allocation_counter::measure(|| {
        (contestant.batch)(RUNS);
    });
    (counted.count_total + u64::from(RUNS) / 2) / u64::from(RUNS)
}

/// How many runs make a batch that a clock can measure and that no other program is likely to interrupt.
fn times(contestant: &Contestant) -> u32 {
    const BATCH: Duration = Duration::from_micros(100);
    let mut times = 1;
    while times < 1 << 16 && (contestant.batch)(times).0 < BATCH {
        times *= 2;
    }
    times
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
