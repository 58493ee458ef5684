//! An engine with the features `tracing` and `prometheus` built in, and with what uses them.

use std::hint::black_box;

use flowc::Engine;
use flowc::observe::{Logs, Prometheus};

use super::{PACE, flows, hand};
use crate::engine::{Lineup, SEED};
use crate::measure::{Contestant, spawned, under, under_engine};

/// Before the program has a subscriber.
pub(crate) fn unheard() -> Lineup {
    Lineup {
        pace: PACE,
        bare: spawned("bare task", || hand::chain(black_box(SEED))),
        engines: vec![
            under_engine("no subscriber, no metrics", |engine| engine.start(flows::chain(black_box(SEED)))),
            counted("no subscriber, Prometheus"),
        ],
    }
}

/// Once the program has a subscriber, which cannot be taken back.
pub(crate) fn heard() -> Lineup {
    let logged = Engine::builder().resources(()).collector(Logs::new()).build();
    Lineup {
        pace: PACE,
        bare: spawned("bare task, with a subscriber", || hand::chain(black_box(SEED))),
        engines: vec![
            under_engine("subscriber, no metrics", |engine| engine.start(flows::chain(black_box(SEED)))),
            under("subscriber, logs", logged, |engine| engine.start(flows::chain(black_box(SEED)))),
            counted("subscriber, Prometheus"),
        ],
    }
}

fn counted(name: &'static str) -> Contestant {
    let engine = Engine::builder().resources(()).collector(Prometheus::new()).build();
    under(name, engine, |engine| engine.start(flows::chain(black_box(SEED))))
}
