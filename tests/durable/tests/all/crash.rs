//! `kill -9` at any moment: no run is lost, no stored step is called again, and the results are those of runs that nobody killed.

use std::collections::{BTreeMap, HashSet};
use std::process::Command;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use flowc_durable::{App, Calls, everything};

use crate::base::{Base, Kind, Outcome, both};

pub const PROGRAM: &str = env!("CARGO_BIN_EXE_flowc-durable");

fn command(base: &Base, mode: &str, level: &str, seed: u64) -> Command {
    base.command(PROGRAM, &[mode, level, &seed.to_string()])
}

/// The keys of all steps that are stored, of runs that are over or open.
fn stored(base: &Base) -> Outcome<HashSet<String>> {
    let known = match base.server {
        Some(_) => "SELECT relname AS row FROM pg_class WHERE relname = 'entries'",
        None => "SELECT name AS row FROM sqlite_master WHERE name = 'entries'",
    };
    if base.rows(known)?.is_empty() {
        return Ok(HashSet::new());
    }
    Ok(base.rows("SELECT run || '-' || key AS row FROM entries")?.into_iter().collect())
}

/// Seeds, states and results of all runs are as if nobody had killed anybody; gives how many there are.
pub fn all_are_right(base: &Base) -> Outcome<usize> {
    let mut results = BTreeMap::new();
    for row in base.rows("SELECT correlation_id || ' ' || state || ' ' || coalesce(outcome, '') AS row FROM runs")? {
        let mut parts = row.splitn(3, ' ').map(str::to_owned);
        let (Some(seed), Some(state), Some(outcome)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(row.into());
        };
        assert_eq!(state, "finished", "the run of {seed}: {outcome}");
        assert!(results.insert(seed, outcome).is_none(), "no run is there twice");
    }
    for line in base.lines_of_calls() {
        assert!(line.split(' ').next().is_some_and(|seed| results.contains_key(seed)), "a run that is lost: {line}");
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let total = results.len();
    let app = std::sync::Arc::new(App { calls: Calls(None) });
    let tasks: Vec<_> = results
        .into_iter()
        .map(|(seed, outcome)| {
            let app = std::sync::Arc::clone(&app);
            runtime.spawn(async move {
                let expected = everything(seed.parse().unwrap()).run(&*app).await.unwrap();
                assert_eq!(outcome, serde_json::to_string(&expected).unwrap(), "the run of {seed}");
            })
        })
        .collect();
    for task in tasks {
        runtime.block_on(task)?;
    }
    Ok(total)
}

/// Kills as often as the variable `FLOWC_KILLS` says, or until the time is up.
fn survives(kind: Kind, level: &str) -> Outcome<()> {
    let kills: usize = std::env::var("FLOWC_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(150);
    let base = Base::new(kind, level)?;
    // On a server a process must live a while to get the runs of the one before.
    let longest = if kind == Kind::Postgres { 900_000 } else { 120_000 };
    let mut random = SystemTime::now().duration_since(UNIX_EPOCH)?.as_nanos() as u64 | 1;
    eprintln!("{level}: random numbers from {random}");
    let (mut seen, mut before, mut killed) = (0, HashSet::new(), 0);
    let begun = Instant::now();
    while killed < kills && (kills != 150 || begun.elapsed() < Duration::from_secs(25)) {
        let mut process = command(&base, "go", level, killed as u64 * 10_000).spawn()?;
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        std::thread::sleep(Duration::from_micros(3000 + random % longest));
        if let Some(status) = process.try_wait()? {
            return Err(format!("the process ended by itself: {status}: {}", base.errors()).into());
        }
        process.kill()?;
        process.wait()?;
        killed += 1;
        let calls = base.lines_of_calls();
        for line in &calls[seen..] {
            let (_, key) = line.split_once(' ').ok_or("a line that is cut")?;
            assert!(!before.contains(key), "the step {key} was stored before the process began, and was called");
        }
        (seen, before) = (calls.len(), stored(&base)?);
    }

    let unfinished = base.rows("SELECT id AS row FROM runs WHERE state = 'open'")?.len();
    let ended = command(&base, "finish", level, 0).status()?;
    assert!(ended.success(), "{}", base.errors());
    for line in &base.lines_of_calls()[seen..] {
        assert!(!line.split_once(' ').is_some_and(|(_, key)| before.contains(key)), "called again: {line}");
    }
    let total = all_are_right(&base)?;
    let (steps, calls) = (stored(&base)?.len(), base.lines_of_calls().len());
    eprintln!(
        "{level}: {killed} kills, {total} runs, {steps} steps, {calls} calls, {unfinished} open at the last kill"
    );
    assert!(killed > 10 && total > killed && unfinished > 0, "the kills came too early to mean anything");
    Ok(())
}

fn a_killed_process_loses_nothing(kind: Kind) -> Outcome<()> {
    survives(kind, "process")
}

both!(a_killed_process_loses_nothing);

#[test]
fn a_killed_process_loses_nothing_at_the_level_power() -> Outcome<()> {
    survives(Kind::Sqlite, "power")
}
