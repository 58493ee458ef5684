//! Several processes on one database: each run has one of them, and another when that one dies.

use std::collections::HashSet;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use rustix::process::{Pid, Signal, kill_process};

use crate::base::{Base, Killed, Kind, Outcome, until};
use crate::crash::{PROGRAM, all_are_right};
use crate::waits::{begin, run};

fn signal(process: &Killed, signal: Signal) -> Outcome<()> {
    let pid = i32::try_from(process.0.id()).ok().and_then(Pid::from_raw).ok_or("a process")?;
    Ok(kill_process(pid, signal)?)
}

fn state(base: &Base, run: &str) -> Outcome<String> {
    let rows =
        base.rows(&format!("SELECT state || ' ' || coalesce(outcome, '') AS row FROM runs WHERE id = '{run}'"))?;
    rows.into_iter().next().ok_or_else(|| "the run is not there".into())
}

fn owner(base: &Base, run: &str) -> Outcome<Vec<String>> {
    base.rows(&format!("SELECT owner AS row FROM claims WHERE run = '{run}'"))
}

#[test]
fn a_signal_and_a_cancel_reach_a_run_in_another_process() -> Outcome<()> {
    let base = Base::new(Kind::Postgres, "reach")?;
    let (_first, id, mut said) = begin(&base, &["start", "5", "0"])?;
    assert_eq!(run(&base, &["signal", &id, "Ada"])?, "Delivered\n");
    let gave = said.line()?;
    assert!(gave.starts_with("Ada "), "{gave}");
    assert_eq!(said.line()?, "5", "it takes more runs");
    assert!(state(&base, &id)?.starts_with("finished"));
    let error = run(&base, &["signal", &id, "Eve"]);
    assert_eq!(error?, "Duplicate\n");

    let (_second, id, mut said) = begin(&base, &["start", "5", "0"])?;
    assert_eq!(run(&base, &["cancel", &id])?, "Stopping\n");
    let gave = said.line()?;
    assert!(gave.starts_with("cancelled: "), "{gave}");
    assert_eq!(state(&base, &id)?, "cancelled ");
    assert_eq!(run(&base, &["cancel", &id])?, "Over\n");
    Ok(())
}

#[test]
fn the_runs_of_a_dead_process_go_on_in_another() -> Outcome<()> {
    let base = Base::new(Kind::Postgres, "dead")?;
    let (_serving, ..) = begin(&base, &["serve"])?;
    let (first, id, _) = begin(&base, &["start", "5", "0"])?;
    let before = owner(&base, &id)?;
    // It is heard of as long as it lives.
    std::thread::sleep(Duration::from_secs(4));
    assert_eq!(owner(&base, &id)?, before, "a process that lives keeps its runs");
    drop(first);
    let died = Instant::now();
    until(|| Ok(owner(&base, &id)?.first().is_some_and(|owner| *owner != before[0])))?;
    eprintln!("taken over after {:?}, with a lease of 2 s", died.elapsed());
    assert_eq!(run(&base, &["signal", &id, "Ada"])?, "Delivered\n");
    until(|| Ok(state(&base, &id)?.starts_with("finished \"Ada ")))?;
    assert_eq!(base.lines_of_calls().len(), 2, "each step was called once");
    Ok(())
}

#[test]
fn a_run_of_a_dead_process_that_is_cancelled_goes_nowhere() -> Outcome<()> {
    let base = Base::new(Kind::Postgres, "gone")?;
    let (first, id, _) = begin(&base, &["start", "5", "0"])?;
    drop(first);
    // Its owner may still be alive for all that is known.
    assert_eq!(run(&base, &["cancel", &id])?, "Stopping\n");
    let (_serving, ..) = begin(&base, &["serve"])?;
    until(|| Ok(state(&base, &id)? == "cancelled "))?;
    assert_eq!(base.lines_of_calls().len(), 1);
    Ok(())
}

#[test]
fn a_process_that_stood_still_is_fenced_off() -> Outcome<()> {
    let base = Base::new(Kind::Postgres, "paused")?;
    let (first, id, mut said) = begin(&base, &["start", "5", "0"])?;
    let before = owner(&base, &id)?;
    signal(&first, Signal::STOP)?;
    let (_serving, ..) = begin(&base, &["serve"])?;
    until(|| Ok(owner(&base, &id)?.first().is_some_and(|owner| *owner != before[0])))?;
    signal(&first, Signal::CONT)?;
    let text = said.line()?;
    assert!(text.starts_with("taken_over: ") && text.contains("did not renew its lease in time"), "{text}");
    // It is somebody else now, and takes more runs.
    assert_eq!(said.line()?, "5");
    assert!(state(&base, &id)?.starts_with("open"), "what ended there has left no trace");
    assert!(base.errors().contains("the lease was not renewed in time"), "{}", base.errors());
    assert_eq!(run(&base, &["signal", &id, "Ada"])?, "Delivered\n");
    until(|| Ok(state(&base, &id)?.starts_with("finished \"Ada ")))?;
    Ok(())
}

/// Three processes share the work; now and then one of them dies, or stands still for longer than its lease.
#[test]
fn nothing_is_lost_among_processes_that_die_and_stand_still() -> Outcome<()> {
    let base = Base::new(Kind::Postgres, "many")?;
    let mut random = SystemTime::now().duration_since(UNIX_EPOCH)?.as_nanos() as u64 | 1;
    let mut next = move |below: u64| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random % below
    };
    let mut begun = 0;
    let mut process = || -> Outcome<Killed> {
        begun += 1;
        let seed = (begun * 10_000).to_string();
        Ok(Killed(base.command(PROGRAM, &["go", "process", &seed]).spawn()?))
    };
    let mut processes = [process()?, process()?, process()?];
    for round in 0..8 {
        std::thread::sleep(Duration::from_millis(200 + next(1500)));
        let victim = &mut processes[next(3) as usize];
        if let Some(status) = victim.0.try_wait()? {
            return Err(format!("a process ended by itself: {status}").into());
        }
        if round % 2 == 0 {
            *victim = process()?;
        } else {
            signal(victim, Signal::STOP)?;
            std::thread::sleep(Duration::from_millis(500 + next(3500)));
            signal(victim, Signal::CONT)?;
        }
    }
    drop(processes);
    let ended = base.command(PROGRAM, &["finish", "process", "0"]).status()?;
    assert!(ended.success(), "{}", base.errors());
    let total = all_are_right(&base)?;
    let steps: Vec<String> = base.rows("SELECT run || '-' || key AS row FROM entries")?;
    assert_eq!(steps.len(), steps.iter().collect::<HashSet<_>>().len(), "no step is there twice");
    assert!(base.rows("SELECT run AS row FROM claims")?.is_empty(), "what is over belongs to nobody");
    let lost = base.errors().matches("the lease was not renewed in time").count();
    eprintln!(
        "{total} runs, {} steps, {} calls; {lost} times a lease was lost",
        steps.len(),
        base.lines_of_calls().len()
    );
    assert!(total > 20 && lost > 0, "nothing happened that could go wrong");
    Ok(())
}
