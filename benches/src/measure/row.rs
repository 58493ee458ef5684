//! A row of the table: its contestants, measured side by side.

use std::time::{Duration, Instant};

use super::Contestant;

/// What a contestant is in its row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// The measure of the others.
    Hand,
    /// Another way by hand, shown for comparison.
    Also,
    /// `.run(&())`.
    Flow,
    /// By hand, in a task of its own: the measure of the engine.
    Spawned,
    /// `.run(&())` in a task of its own.
    FlowSpawned,
    /// `engine.start(..)`.
    Engine,
    /// Another crate.
    Peer,
}

/// A row of the table.
pub(crate) struct Row {
    pub(crate) title: &'static str,
    pub(crate) pace: &'static str,
    /// How many steps one run takes.
    pub(crate) steps: u32,
    contestants: Vec<(Role, Contestant)>,
}

/// What came out for one contestant.
pub(crate) struct Measured {
    pub(crate) role: Role,
    pub(crate) name: &'static str,
    /// Nanoseconds of one run in the best batch.
    pub(crate) least: f64,
    /// Against the measure of the row: the median of the ratios of batches that ran side by side.
    pub(crate) ratio: f64,
    pub(crate) allocations: u64,
    pub(crate) size: Option<usize>,
}

impl Row {
    pub(crate) fn new(title: &'static str, pace: &'static str, steps: u32) -> Self {
        Self { title, pace, steps, contestants: Vec::new() }
    }

    fn with(mut self, role: Role, contestant: Contestant) -> Self {
        self.contestants.push((role, contestant));
        self
    }

    pub(crate) fn hand(self, contestant: Contestant) -> Self {
        self.with(Role::Hand, contestant)
    }

    pub(crate) fn also(self, contestant: Contestant) -> Self {
        self.with(Role::Also, contestant)
    }

    pub(crate) fn flow(self, contestant: Contestant) -> Self {
        self.with(Role::Flow, contestant)
    }

    pub(crate) fn spawned(self, contestant: Contestant) -> Self {
        self.with(Role::Spawned, contestant)
    }

    pub(crate) fn flow_spawned(self, contestant: Contestant) -> Self {
        self.with(Role::FlowSpawned, contestant)
    }

    #[cfg(feature = "peers")]
    pub(crate) fn peers(self, contestants: Vec<Contestant>) -> Self {
        contestants.into_iter().fold(self, |row, one| row.with(Role::Peer, one))
    }

    pub(crate) fn engine(self, contestant: Contestant) -> Self {
        self.with(Role::Engine, contestant)
    }

    /// Measures all contestants for about `long`, in rounds in which each has one batch.
    pub(crate) fn measure(&self, long: Duration) -> Result<Vec<Measured>, String> {
        self.agree()?;
        let allocations: Vec<u64> = self.contestants.iter().map(|(_, one)| allocations(one)).collect();
        let times: Vec<u32> = self.contestants.iter().map(|(_, one)| times(one)).collect();
        let mut batches: Vec<Vec<f64>> = vec![Vec::new(); self.contestants.len()];
        let start = Instant::now();
        let mut first = 0;
        while start.elapsed() < long {
            // Another one begins each round: being first or last is no one's luck.
            for turn in 0..self.contestants.len() {
                let at = (first + turn) % self.contestants.len();
                let (_, contestant) = &self.contestants[at];
                let (took, _) = (contestant.batch)(times[at]);
                batches[at].push(took.as_secs_f64() * 1e9 / f64::from(times[at]));
            }
            first += 1;
        }
        Ok((0..self.contestants.len())
            .map(|at| {
                let (role, contestant) = &self.contestants[at];
                let base = &batches[self.base_of(*role)];
                let ratios = batches[at].iter().zip(base).map(|(mine, base)| mine / base).collect();
                Measured {
                    role: *role,
                    name: contestant.name,
                    least: batches[at].iter().copied().fold(f64::INFINITY, f64::min),
                    ratio: median(ratios),
                    allocations: allocations[at],
                    size: contestant.size,
                }
            })
            .collect())
    }

    /// Whom a contestant is compared with.
    fn base_of(&self, role: Role) -> usize {
        let base = match role {
            Role::Engine | Role::FlowSpawned => Role::Spawned,
            // Peers need a runtime, so they are held against flowc in one.
            Role::Peer => Role::FlowSpawned,
            _ => Role::Hand,
        };
        self.contestants.iter().position(|(role, _)| *role == base).unwrap_or(0)
    }

    /// All must have the same result, or they have not done the same work.
    fn agree(&self) -> Result<(), String> {
        let results: Vec<u64> = self.contestants.iter().map(|(_, one)| (one.batch)(1).1).collect();
        for ((_, one), result) in self.contestants.iter().zip(&results) {
            if *result != results[0] {
                return Err(format!(
                    "{} ({}): {} gives {result}, {} gives {}",
                    self.title, self.pace, one.name, self.contestants[0].1.name, results[0]
                ));
            }
        }
        Ok(())
    }
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
