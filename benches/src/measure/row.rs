//! A row of the table: its contestants, measured side by side.

use std::time::Duration;

use super::Contestant;
use super::rounds::side_by_side;

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

    /// Measures all contestants for about `long`, side by side.
    pub(crate) fn measure(&self, long: Duration) -> Result<Vec<Measured>, String> {
        let contestants: Vec<_> =
            self.contestants.iter().map(|(role, contestant)| (contestant, self.base_of(*role))).collect();
        let taken = side_by_side(&contestants, long).map_err(|why| format!("{} ({}): {why}", self.title, self.pace))?;
        Ok(self
            .contestants
            .iter()
            .zip(taken)
            .map(|((role, contestant), taken)| Measured {
                role: *role,
                name: contestant.name,
                least: taken.least,
                ratio: taken.ratio,
                allocations: taken.allocations,
                size: contestant.size,
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
}
