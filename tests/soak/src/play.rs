//! Starts runs, many at a time.

use std::sync::{Arc, Mutex};

use flowc::observe::{Collector, Observation, Prometheus, RunInfo};
use flowc::policy::Shares;
use flowc::testing::chaos::Chaos;
use flowc::testing::collect;
use flowc::{Engine, Event, FailureKind, RunId, RunStatus};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::check::Tally;
use crate::flows::{self, App, FLOWS};

/// Counts what it is told, as metrics do.
#[derive(Default)]
pub struct Counts(Mutex<Tally>);

impl Counts {
    pub fn tally(&self) -> Tally {
        *self.0.lock().unwrap()
    }
}

impl Collector for Counts {
    fn on_event(&self, _: &RunInfo<'_>, event: &Observation<'_>) {
        self.0.lock().unwrap().add(&event.kind);
    }
}

/// One run, and what became of it.
pub struct Record {
    pub id: RunId,
    /// Its place in [`FLOWS`].
    pub flow: usize,
    pub input: u64,
    pub outcome: Result<u64, (FailureKind, String)>,
    pub events: Vec<Event>,
    pub status: RunStatus,
}

/// All runs, what was counted while they ran, and what their steps shared.
pub struct Played {
    pub records: Vec<Record>,
    /// By a collector.
    pub counted: Tally,
    /// By the metrics.
    pub measured: Tally,
    pub shares: Shares,
}

/// Starts `runs` of all workflows in turn, at most `at_once` at a time, and waits for all of them.
pub async fn play(app: Arc<App>, chaos: &Chaos, runs: usize, at_once: usize) -> Played {
    let (counts, prometheus) = (Arc::new(Counts::default()), Prometheus::new());
    let engine = Engine::builder()
        .shared_resources(app)
        .chaos(chaos)
        .collector(Arc::clone(&counts))
        .collector(prometheus.clone())
        .build();
    let gate = Arc::new(Semaphore::new(at_once));
    let mut tasks = JoinSet::new();
    for number in 0..runs {
        let permit = Arc::clone(&gate).acquire_owned().await;
        let (flow, input) = (number % FLOWS.len(), number as u64);
        macro_rules! start {
            ($($name:ident)*) => {
                match FLOWS.get(flow).map(|(name, _)| *name) {
                    $(Some(stringify!($name)) => {
                        let run = engine.start(flows::$name(input));
                        tasks.spawn(async move {
                            let (id, watch) = (run.id(), run.watch());
                            let ran = collect(run).await;
                            drop(permit);
                            let outcome = ran.result.map_err(|failure| (failure.kind(), failure.step().to_owned()));
                            Record { id, flow, input, outcome, events: ran.events, status: watch.status() }
                        });
                    })*
                    name => panic!("no workflow `{name:?}`"),
                }
            };
        }
        start!(diamond letter_n mapped collected looped branched careful nested hardened guarded pooled stubborn paged);
    }
    let records = tasks.join_all().await;
    assert_eq!(engine.running(), 0, "a run is over and still counts as running");
    let (counted, measured) = (counts.tally(), Tally::of_metrics(&prometheus.render()));
    Played { records, counted, measured, shares: engine.shares().clone() }
}
