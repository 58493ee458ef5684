//! Runs that begin at the times of a schedule.

use std::time::{Duration, SystemTime};

use flowc::journal::{RunFilter, StoredRun, StoredState};
use flowc::schedule::{Overlap, Schedule};
use flowc::{DurableEngine, Engine, RunId};
use flowc_durable::{App, Calls, patient, spread};

use crate::base::{Base, Kind, Outcome, block_on, both};

both!(
    async missed_times_are_made_up_for_once,
    a_time_is_left_out_while_a_run_is_open,
    a_run_awaits_its_turn,
    the_newest_run_takes_the_place_of_the_one_before,
    runs_go_on_side_by_side,
    runs_begin_by_the_second_until_the_schedule_is_dropped,
    a_name_belongs_to_one_schedule_of_one_workflow,
    a_time_whose_run_cannot_be_made_is_told_of,
);

async fn engine(base: &Base) -> Outcome<DurableEngine<App>> {
    let store = base.open().await?;
    Ok(Engine::builder().resources(App { calls: Calls(None) }).journal(store).build())
}

/// A schedule of which three years are missing.
fn yearly() -> Outcome<Schedule> {
    let long_ago = SystemTime::now() - Duration::from_secs(10 * 366 * 24 * 60 * 60);
    Ok(Schedule::cron("yearly", "0 0 1 1 *", "UTC")?.since(long_ago).backfill(3))
}

/// The runs of a schedule, the oldest first.
async fn runs(engine: &DurableEngine<App>, prefix: &str) -> Outcome<Vec<StoredRun>> {
    let mut runs = engine.runs(RunFilter::new().start_key_prefix(prefix)).await?;
    runs.reverse();
    Ok(runs)
}

/// Waits for what the states of the runs come to.
async fn until(engine: &DurableEngine<App>, is_so: impl Fn(&[StoredState]) -> bool) -> Outcome<Vec<StoredRun>> {
    for _ in 0..600 {
        let runs = runs(engine, "yearly@").await?;
        let states: Vec<_> = runs.iter().map(|run| run.state).collect();
        if is_so(&states) {
            return Ok(runs);
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Err(format!("it has not come to it: {:?}", runs(engine, "yearly@").await?).into())
}

async fn approve(engine: &DurableEngine<App>, run: RunId) -> Outcome<()> {
    engine.signal(run, "approve", &"Ada".to_owned()).await?;
    Ok(())
}

async fn missed_times_are_made_up_for_once(kind: Kind) -> Outcome<()> {
    let base = Base::new(kind, "missed")?;
    let engine = engine(&base).await?;
    assert!(runs(&engine, "yearly@").await?.is_empty());
    let buffered = yearly()?.overlap(Overlap::Buffer);
    let scheduled = engine.schedule(buffered.clone(), |_| spread(1)).await?;
    let ended = until(&engine, |states| states == [StoredState::Finished; 3]).await?;
    let keys: Vec<_> = ended.iter().filter_map(|run| run.start_key.clone()).collect();
    let years = keys.iter().map(|key| key.strip_prefix("yearly@")?.get(..4)?.parse().ok());
    let years: Vec<i32> = years.collect::<Option<_>>().ok_or("each key has a year")?;
    assert_eq!(years, [years[2] - 2, years[2] - 1, years[2]], "{keys:?}");
    assert!(keys.iter().all(|key| key.ends_with("-01-01T00:00:00Z")), "{keys:?}");
    assert_eq!(scheduled.failure(), None);

    // Kept again, as after a start of the program, nothing is missing.
    drop(scheduled);
    let again = engine.schedule(buffered, |_| spread(1)).await?;
    while again.next().is_none() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(again.next() > Some(SystemTime::now()));
    assert_eq!(runs(&engine, "yearly@").await?.len(), 3);
    // A prefix is one of letters as they are, and no pattern.
    for other in ["Yearly@", "year%", "yearl_@", "yearly@2999"] {
        assert!(runs(&engine, other).await?.is_empty(), "{other}");
    }
    Ok(())
}

async fn a_time_is_left_out_while_a_run_is_open(kind: Kind) -> Outcome<()> {
    let base = Base::new(kind, "skip")?;
    let engine = engine(&base).await?;
    let scheduled = engine.schedule(yearly()?, |_| patient(1, 1)).await?;
    while scheduled.next().is_none() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let open = until(&engine, |states| states == [StoredState::Open]).await?;
    approve(&engine, open[0].id).await?;
    until(&engine, |states| states == [StoredState::Finished]).await?;
    // What was left out is not missing when the schedule is kept again.
    drop(scheduled);
    let again = engine.schedule(yearly()?, |_| patient(1, 1)).await?;
    while again.next().is_none() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(runs(&engine, "yearly@").await?.len(), 1);
    Ok(())
}

async fn a_run_awaits_its_turn(kind: Kind) -> Outcome<()> {
    let base = Base::new(kind, "buffer")?;
    let engine = engine(&base).await?;
    let _scheduled = engine.schedule(yearly()?.overlap(Overlap::Buffer), |_| patient(1, 1)).await?;
    for turn in 1..=3 {
        let runs = until(&engine, |states| states.len() == turn && states.last() == Some(&StoredState::Open)).await?;
        assert!(runs.iter().rev().skip(1).all(|run| run.state == StoredState::Finished));
        approve(&engine, runs[turn - 1].id).await?;
    }
    until(&engine, |states| states == [StoredState::Finished; 3]).await?;
    Ok(())
}

async fn the_newest_run_takes_the_place_of_the_one_before(kind: Kind) -> Outcome<()> {
    let base = Base::new(kind, "cancel-other")?;
    let engine = engine(&base).await?;
    let _scheduled = engine.schedule(yearly()?.overlap(Overlap::CancelOther), |_| patient(1, 1)).await?;
    let (gone, open) = (StoredState::Cancelled, StoredState::Open);
    until(&engine, |states| states == [gone, gone, open]).await?;
    Ok(())
}

async fn runs_go_on_side_by_side(kind: Kind) -> Outcome<()> {
    let base = Base::new(kind, "allow")?;
    let engine = engine(&base).await?;
    let _scheduled = engine.schedule(yearly()?.overlap(Overlap::Allow), |_| patient(1, 1)).await?;
    until(&engine, |states| states == [StoredState::Open; 3]).await?;
    Ok(())
}

async fn runs_begin_by_the_second_until_the_schedule_is_dropped(kind: Kind) -> Outcome<()> {
    let base = Base::new(kind, "second")?;
    let engine = engine(&base).await?;
    let schedule = Schedule::cron("yearly", "* * * * * *", "UTC")?.overlap(Overlap::Allow).backfill(1000);
    let seconds = |time: SystemTime| time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
    let scheduled = engine.schedule(schedule, move |time| spread(seconds(time))).await?;
    until(&engine, |states| states.len() >= 3).await?;
    drop(scheduled);
    let begun = until(&engine, |states| states.iter().all(|state| *state == StoredState::Finished)).await?;
    let mut times = Vec::new();
    for run in &begun {
        let input: [u64; 1] = serde_json::from_str(&run.inputs)?;
        times.push(input[0]);
    }
    assert!(times.windows(2).all(|pair| pair[1] == pair[0] + 1), "each second once: {times:?}");
    assert!(begun.iter().zip(&times).all(|(run, time)| seconds(run.began()) >= *time), "none begins early");
    Ok(())
}

/// A file belongs to one process; a server has several.
#[test]
fn each_time_is_taken_by_one_of_two_processes() -> Outcome<()> {
    block_on(async {
        let base = Base::new(Kind::Postgres, "two")?;
        let (one, other) = (engine(&base).await?, engine(&base).await?);
        let allowed = yearly()?.overlap(Overlap::Allow);
        let one_keeps = one.schedule(allowed.clone(), |_| spread(1)).await?;
        let other_keeps = other.schedule(allowed, |_| spread(1)).await?;
        until(&one, |states| states == [StoredState::Finished; 3]).await?;
        while one_keeps.next().is_none() || other_keeps.next().is_none() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        assert_eq!(runs(&one, "yearly@").await?.len(), 3);
        assert_eq!((one_keeps.failure(), other_keeps.failure()), (None, None));
        Ok(())
    })
}

async fn a_name_belongs_to_one_schedule_of_one_workflow(kind: Kind) -> Outcome<()> {
    let base = Base::new(kind, "name")?;
    let engine = engine(&base).await?;
    let kept = engine.schedule(yearly()?, |_| spread(1)).await?;
    let again = engine.schedule(yearly()?, |_| spread(1)).await.unwrap_err();
    assert_eq!(
        again.to_string(),
        "this engine keeps a schedule `yearly` already; give each its own name, or drop the `Scheduled` of the other first"
    );
    until(&engine, |states| states.contains(&StoredState::Finished)).await?;
    drop(kept);
    let other = engine.schedule(yearly()?, |_| patient(1, 1)).await.unwrap_err();
    assert_eq!(
        other.to_string(),
        "the runs of the schedule `yearly` are of the workflow `spread` and not of `patient`; give the schedule of `patient` \
         another name"
    );
    // What was refused keeps no name.
    drop(engine.schedule(yearly()?, |_| spread(1)).await?);
    Ok(())
}

async fn a_time_whose_run_cannot_be_made_is_told_of(kind: Kind) -> Outcome<()> {
    let base = Base::new(kind, "made")?;
    let engine = engine(&base).await?;
    let broken = |_| if true { panic!("no such day") } else { spread(1) };
    let scheduled = engine.schedule(yearly()?, broken).await?;
    while scheduled.next().is_none() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let failure = scheduled.failure().ok_or("it is told")?;
    assert_eq!(failure, "the inputs could not be stored: making them panicked: no such day");
    assert!(runs(&engine, "yearly@").await?.is_empty());
    Ok(())
}
