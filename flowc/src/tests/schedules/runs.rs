//! The ledger of a run: its listeners, its collectors, and how it ends.

use std::sync::Arc;

use shuttle::future::block_on;
use shuttle::sync::Mutex;
use shuttle::thread;

use super::explore;
use crate::engine::schedules::Play;
use crate::event::EventKind;
use crate::observe::{Collector, Observation, RunInfo};
use crate::{RunState, node, workflow};

#[node]
async fn turn(x: u64) -> u64 {
    shuttle::future::yield_now().await;
    x + 1
}

workflow! {
    fn pair(x: u64) -> u64 {
        let left = turn(x);
        let right = turn(x);
        left + right
    }
}

/// All that happens is heard by each listener, in order, however slow it is, and the end is heard by all.
#[test]
fn listeners_hear_everything_once_and_in_order() {
    explore(|| {
        let play = Play::<pair>::new(64, None);
        let second = play.watch().events();
        let first = play.first();
        let listeners = [thread::spawn(move || heard(first)), thread::spawn(move || heard(second))];
        assert_eq!(block_on(play.run((1,))).ok(), Some(4));
        for listener in listeners {
            let seqs = listener.join().unwrap();
            // run started, two started, two finished, run finished
            assert_eq!(seqs, [0, 1, 2, 3, 4, 5]);
        }
    });
}

fn heard(mut events: crate::Events) -> Vec<u64> {
    block_on(async {
        let mut seqs = Vec::new();
        while let Some(event) = events.next().await {
            assert!(!matches!(event.kind, EventKind::Lagged(_)), "there is place for all of them");
            seqs.push(event.seq);
        }
        seqs
    })
}

/// With place for one event a listener may miss some. What it missed and what it heard is all there was.
#[test]
fn what_a_slow_listener_missed_is_counted() {
    explore(|| {
        let play = Play::<pair>::new(1, None);
        let mut events = play.first();
        let listener = thread::spawn(move || {
            block_on(async {
                let (mut heard, mut missed, mut last) = (0, 0, false);
                while let Some(event) = events.next().await {
                    last = event.kind.is_last();
                    match event.kind {
                        EventKind::Lagged(count) => missed += count,
                        _ => heard += 1,
                    }
                }
                (heard + missed, last)
            })
        });
        assert!(block_on(play.run((1,))).is_ok());
        assert_eq!(listener.join().unwrap(), (6, true));
    });
}

/// Collectors hear what happens in order, though several threads make it happen.
#[test]
fn collectors_hear_in_order() {
    #[derive(Clone, Default)]
    struct Seqs(Arc<Mutex<Vec<u64>>>);
    impl Collector for Seqs {
        fn on_event(&self, _: &RunInfo<'_>, event: &Observation<'_>) {
            self.0.lock().unwrap().push(event.seq);
        }
    }
    explore(|| {
        let seqs = Seqs::default();
        let play = Play::<pair>::new(64, Some(Box::new(seqs.clone())));
        let tellers: Vec<_> = (0..2)
            .map(|_| {
                let told = play.teller();
                thread::spawn(move || told())
            })
            .collect();
        assert!(block_on(play.run((1,))).is_ok());
        for teller in tellers {
            teller.join().unwrap();
        }
        let seqs = seqs.0.lock().unwrap();
        assert!(seqs.windows(2).all(|pair| pair[0] + 1 == pair[1]), "{seqs:?}");
    });
}

/// A cancel that meets the end of a run: the run ends once, in one way, and its status and events agree on it.
#[test]
fn a_run_that_is_cancelled_at_its_end_ends_once() {
    explore(|| {
        let play = Play::<pair>::new(64, None);
        let (watch, mut events) = (play.watch(), play.first());
        let canceller = thread::spawn({
            let watch = watch.clone();
            move || watch.cancel()
        });
        let listener = thread::spawn(move || {
            block_on(async {
                let mut ends = Vec::new();
                while let Some(event) = events.next().await {
                    if event.kind.is_last() {
                        ends.push(matches!(event.kind, EventKind::RunFinished { .. }));
                    }
                }
                ends
            })
        });
        let result = block_on(play.run((1,)));
        canceller.join().unwrap();
        assert_eq!(listener.join().unwrap(), [result.is_ok()]);
        let state = if result.is_ok() { RunState::Finished } else { RunState::Cancelled };
        assert_eq!(watch.status().state, state);
    });
}
