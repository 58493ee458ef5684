//! The collectors of an engine, and what happens when one of them panics.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::{Collector, EngineEvent, Observation, RunInfo};
use crate::sync::atomic::{AtomicU64, Ordering};

/// After so many panics a collector is not called any more.
const PATIENCE: u64 = 16;

#[derive(Default)]
pub(crate) struct Collectors(Vec<Installed>);

struct Installed {
    collector: Box<dyn Collector>,
    panics: AtomicU64,
}

impl Collectors {
    pub(crate) fn add(&mut self, collector: impl Collector) {
        self.0.push(Installed { collector: Box::new(collector), panics: AtomicU64::new(0) });
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How often one of them panicked.
    pub(crate) fn panics(&self) -> u64 {
        self.0.iter().map(|installed| installed.panics.load(Ordering::Relaxed)).sum()
    }

    pub(crate) fn tell(&self, run: &RunInfo<'_>, event: &Observation<'_>) {
        self.each(|collector| collector.on_event(run, event));
    }

    pub(crate) fn tell_of_engine(&self, event: &EngineEvent<'_>) {
        self.each(|collector| collector.on_engine_event(event));
    }

    fn each(&self, tell: impl Fn(&dyn Collector)) {
        for Installed { collector, panics } in &self.0 {
            if panics.load(Ordering::Relaxed) >= PATIENCE {
                continue;
            }
            let told = catch_unwind(AssertUnwindSafe(|| tell(&**collector)));
            if let Err(payload) = told {
                panics.fetch_add(1, Ordering::Relaxed);
                // What the panic carried may panic once more when it is dropped.
                let _ = catch_unwind(AssertUnwindSafe(|| drop(payload)));
            }
        }
    }
}
