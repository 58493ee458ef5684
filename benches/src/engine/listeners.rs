//! An engine with so many listeners, and with a collector.

use std::hint::black_box;

use flowc::observe::{Collector, Observation, RunInfo};
use flowc::{Engine, Failure};
use futures::future::join_all;

use super::{PACE, flows, hand};
use crate::engine::{Lineup, SEED};
use crate::measure::{Contestant, spawned, under, under_engine};

/// Is told everything, and does nothing.
struct Idle;

impl Collector for Idle {
    fn on_event(&self, run: &RunInfo<'_>, event: &Observation<'_>) {
        black_box((run.id, event.seq));
    }
}

pub(crate) fn lineup() -> Lineup {
    let collected = Engine::builder().resources(()).collector(Idle).build();
    Lineup {
        pace: PACE,
        bare: spawned("bare task", || hand::chain(black_box(SEED))),
        engines: vec![
            under_engine("no listener", |engine| engine.start(flows::chain(black_box(SEED)))),
            listened("1 listener", 1),
            listened("10 listeners", 10),
            under("a collector that does nothing", collected, |engine| engine.start(flows::chain(black_box(SEED)))),
        ],
    }
}

/// Each listener reads all events while the run goes on.
fn listened(name: &'static str, listeners: usize) -> Contestant {
    under_engine(name, move |engine| {
        let run = engine.start(flows::chain(black_box(SEED)));
        let events: Vec<_> = (0..listeners).map(|_| run.events()).collect();
        async move {
            let read = events.into_iter().map(|mut events| async move {
                let mut read = 0_u32;
                while events.next().await.is_some() {
                    read += 1;
                }
                read
            });
            black_box(join_all(read).await);
            run.await as Result<u64, Failure>
        }
    })
}
