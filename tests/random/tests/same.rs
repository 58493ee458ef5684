//! A workflow gives what the same program gives in plain Rust, in whatever order its steps end.

use std::collections::BTreeMap;
use std::time::Duration;

use flowc_random::record::{Entry, Record, ancestors};
use flowc_random::{App, Case, generated::CASES};
use proptest::prelude::*;

/// Runs one form of a program. Time is paused, so that whoever waits for nothing waits for an hour at once.
fn run(form: for<'s> fn(&'s App) -> flowc_random::Outcome<'s>, seed: u64) -> (Result<u64, String>, Vec<Entry>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    let app = App { record: Record::new(seed) };
    let result = runtime.block_on(async {
        let ended = tokio::time::timeout(Duration::from_secs(3600), form(&app)).await;
        ended.unwrap_or_else(|_| Err("it waits for nothing".to_owned()))
    });
    (result, app.record.entries())
}

fn counts(entries: &[Entry], ended: bool) -> BTreeMap<u64, usize> {
    let mut counts = BTreeMap::new();
    for entry in entries.iter().filter(|entry| entry.ended == ended) {
        *counts.entry(entry.key).or_default() += 1;
    }
    counts
}

fn check(case: &Case, seed: u64) {
    let name = case.name;
    let (expected, plain) = run(case.plain, 0);
    let (found, flow) = run(case.flow, seed);
    let result = expected.clone().unwrap();
    assert_eq!(found, expected, "{name}, seed {seed}");
    let (begun, done, all) = (counts(&flow, false), counts(&flow, true), counts(&plain, true));
    for (key, count) in &begun {
        let entry = flow.iter().find(|entry| entry.key == *key).unwrap();
        assert!(count <= all.get(key).unwrap_or(&0), "{name}, seed {seed}: step {} ran too often", entry.id);
    }
    let effects = || plain.iter().filter(|entry| entry.effect).map(|entry| entry.key);
    for key in effects() {
        assert_eq!(done.get(&key), all.get(&key), "{name}, seed {seed}: an effect");
    }
    // What the result or an effect was computed from has run, and ended. Of calls that are the same in two items, one may be needed
    // and the other not.
    for key in ancestors(effects().chain([result])) {
        assert_eq!(done.contains_key(&key), all.contains_key(&key), "{name}, seed {seed}: a step that is needed");
    }
    for (later, earlier) in case.after {
        let begins = flow.iter().position(|entry| entry.id == *later && !entry.ended);
        let ends = flow.iter().position(|entry| entry.id == *earlier && entry.ended);
        if let Some(begins) = begins {
            assert!(ends.is_some_and(|ends| ends < begins), "{name}, seed {seed}: {later} is to follow {earlier}");
        }
    }
}

#[test]
fn every_program_in_some_orders() {
    for case in CASES {
        for seed in 0..8 {
            check(case, seed);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn any_program_in_any_order(index in 0..CASES.len().max(1), seed in any::<u64>()) {
        if let Some(case) = CASES.get(index) {
            check(case, seed);
        }
    }
}
