//! Says whether what a run did can have come from what was done to it.

use std::collections::HashMap;

use flowc::testing::chaos::{Fault, FaultKind};
use flowc::{Event, EventKind, FailureKind, RunState};

use crate::flows::{CAUGHT, FLOWS};
use crate::play::Record;

/// What many runs did, counted from their events.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    pub finished: u64,
    pub failed: u64,
    pub cancelled: u64,
    pub started_steps: u64,
    pub ended_steps: u64,
    pub retried: u64,
    pub permits_taken: u64,
    pub permits_returned: u64,
    pub breakers_changed: u64,
    pub cache_hits: u64,
    pub cache_misses: u64,
}

impl Tally {
    /// Counts an event.
    pub fn add<S>(&mut self, kind: &EventKind<S>) {
        let count = match kind {
            EventKind::RunFinished { .. } => &mut self.finished,
            EventKind::RunFailed { .. } => &mut self.failed,
            EventKind::RunCancelled { .. } => &mut self.cancelled,
            EventKind::StepStarted { .. } => &mut self.started_steps,
            EventKind::StepFinished { .. } | EventKind::StepFailed { .. } | EventKind::StepCancelled { .. } => {
                &mut self.ended_steps
            }
            EventKind::StepRetried { .. } => &mut self.retried,
            EventKind::PermitTaken { .. } => &mut self.permits_taken,
            EventKind::PermitReturned { .. } => &mut self.permits_returned,
            EventKind::BreakerChanged { .. } => &mut self.breakers_changed,
            EventKind::CacheHit { .. } => &mut self.cache_hits,
            EventKind::CacheMissed { .. } => &mut self.cache_misses,
            _ => return,
        };
        *count += 1;
    }

    /// Those of two together.
    #[must_use]
    pub fn plus(mut self, other: Self) -> Self {
        self.finished += other.finished;
        self.failed += other.failed;
        self.cancelled += other.cancelled;
        self.started_steps += other.started_steps;
        self.ended_steps += other.ended_steps;
        self.retried += other.retried;
        self.permits_taken += other.permits_taken;
        self.permits_returned += other.permits_returned;
        self.breakers_changed += other.breakers_changed;
        self.cache_hits += other.cache_hits;
        self.cache_misses += other.cache_misses;
        self
    }

    /// The same numbers as Prometheus has them.
    pub fn of_metrics(text: &str) -> Self {
        let sum = |name: &str, label: &str| {
            let series = text.lines().filter_map(|line| line.rsplit_once(' '));
            let own = series.filter(|(key, _)| key.split('{').next() == Some(name) && key.contains(label));
            own.map(|(_, value)| value.parse::<f64>().unwrap()).sum::<f64>() as u64
        };
        let runs = |outcome: &str| sum("flowc_runs_total", &format!("outcome=\"{outcome}\""));
        let steps = |outcome: &str| sum("flowc_steps_total", outcome);
        let taken = |policy: &str| sum("flowc_permit_wait_seconds_count", policy);
        let (finished, cancelled) = (runs("ok"), runs("cancelled"));
        let ended_steps = steps("") - steps("outcome=\"skipped\"");
        Self {
            finished,
            failed: sum("flowc_runs_total", "") - finished - cancelled,
            cancelled,
            started_steps: ended_steps + sum("flowc_steps_running", ""),
            ended_steps,
            retried: sum("flowc_step_retries_total", ""),
            permits_taken: taken(""),
            permits_returned: taken("policy=\"concurrency\"") - sum("flowc_permits_in_use", ""),
            breakers_changed: sum("flowc_breaker_transitions_total", ""),
            cache_hits: sum("flowc_cache_requests_total", "result=\"hit\""),
            cache_misses: sum("flowc_cache_requests_total", "result=\"miss\""),
        }
    }
}

/// Checks every run, and counts.
pub fn check(records: &[Record], faults: &[Fault]) -> Tally {
    let mut by_run: HashMap<_, Vec<&Fault>> = HashMap::new();
    for fault in faults {
        by_run.entry(fault.run).or_default().push(fault);
    }
    let mut tally = Tally::default();
    for record in records {
        let faults = by_run.remove(&record.id).unwrap_or_default();
        if let Err(why) = run(record, &faults, &mut tally) {
            let (name, _) = FLOWS[record.flow];
            let events: Vec<_> = record.events.iter().map(|event| event.kind.to_string()).collect();
            panic!(
                "{name}({}): {why}\noutcome: {:?}\nfaults: {faults:#?}\nevents: {events:#?}",
                record.input, record.outcome
            );
        }
    }
    assert!(by_run.is_empty(), "a fault of a run that nobody started");
    tally
}

fn run(record: &Record, faults: &[&Fault], tally: &mut Tally) -> Result<(), String> {
    let ensure = |holds: bool, why: &str| if holds { Ok(()) } else { Err(why.to_owned()) };
    let failures: Vec<(&str, FailureKind)> = record.events.iter().filter_map(failure).collect();
    let unhandled = failures.iter().filter(|(step, _)| !CAUGHT.contains(&without_indices(step).as_str())).count();
    let has = |kind: FaultKind| faults.iter().any(|fault| fault.kind == kind);
    let count = |what: fn(&EventKind) -> bool| record.events.iter().filter(|event| what(&event.kind)).count() as u64;

    match &record.outcome {
        Ok(value) => {
            ensure(record.status.state == RunState::Finished, "its status does not say that it finished")?;
            ensure(unhandled == 0, "a step failed that nobody caught, and it finished")?;
            ensure(!has(FaultKind::Cancel), "it was cancelled, and finished")?;
            let expected = FLOWS[record.flow].1(record.input, failures.len() as u64);
            ensure(*value == expected, &format!("it should give {expected}"))?;
        }
        Err((FailureKind::Cancelled, _)) => {
            ensure(record.status.state == RunState::Cancelled, "its status does not say that it was cancelled")?;
            ensure(has(FaultKind::Cancel), "nobody cancelled it")?;
        }
        Err((kind, step)) => {
            ensure(record.status.state == RunState::Failed(*kind), "its status does not say how it failed")?;
            ensure(failures.contains(&(step, *kind)), "no event tells of the failure that ended it")?;
            ensure(!faults.is_empty(), "it failed, and nothing was done to it")?;
        }
    }

    for (step, kind) in &failures {
        explained(step, *kind, &failures, faults).map_err(|why| format!("`{step}` failed ({kind}): {why}"))?;
    }
    for fault in faults.iter().filter(|fault| matches!(fault.kind, FaultKind::Fail | FaultKind::Panic)) {
        ensure(answered(fault, &record.events), &format!("nothing came of a fault at `{}`", fault.step))?;
    }

    // The events and the status count the same.
    let status = |what: fn(&flowc::StepStatus) -> u64| record.status.steps.iter().map(what).sum::<u64>();
    let started = count(|kind| matches!(kind, EventKind::StepStarted { .. }));
    let done = count(|kind| matches!(kind, EventKind::StepFinished { .. }));
    let ended = done + failures.len() as u64 + count(|kind| matches!(kind, EventKind::StepCancelled { .. }));
    ensure(started == ended, "not every step that began has ended")?;
    ensure(status(|step| step.calls) == started, "its status counts other calls than its events")?;
    ensure(status(|step| step.done) == done, "its status counts other values than its events")?;
    ensure(status(|step| step.failed) == failures.len() as u64, "its status counts other failures than its events")?;
    ensure(status(|step| step.running) == 0, "its status says that a step runs")?;
    ensure(count(|kind| matches!(kind, EventKind::Lagged(_))) == 0, "it lost events")?;
    let numbered = record.events.iter().enumerate().all(|(place, event)| event.seq == place as u64);
    ensure(numbered, "its events are not numbered one by one")?;
    record.events.iter().for_each(|event| tally.add(&event.kind));
    Ok(())
}

fn failure(event: &Event) -> Option<(&str, FailureKind)> {
    match &event.kind {
        EventKind::StepFailed { step, kind, .. } => Some((step, *kind)),
        _ => None,
    }
}

/// What made the step fail.
fn explained(step: &str, kind: FailureKind, failures: &[(&str, FailureKind)], faults: &[&Fault]) -> Result<(), String> {
    let fault = |wanted: fn(&FaultKind) -> bool| faults.iter().any(|fault| fault.step == step && wanted(&fault.kind));
    // A workflow that is a step fails with the step inside.
    let inside = failures
        .iter()
        .any(|(other, how)| *how == kind && other.strip_prefix(step).is_some_and(|rest| rest.starts_with('/')));
    let known = match kind {
        FailureKind::Error => {
            step.ends_with("/moody") || step.ends_with("/guard") || fault(|kind| *kind == FaultKind::Fail)
        }
        FailureKind::Breaker => step.ends_with("/guard") || step.ends_with("/tried"),
        FailureKind::Panic => fault(|kind| *kind == FaultKind::Panic),
        FailureKind::Timeout => {
            let below = |fault: &&&Fault| fault.step.starts_with(step) && matches!(fault.kind, FaultKind::Delay(_));
            faults.iter().any(|fault| below(&fault))
        }
        _ => false,
    };
    if known || inside { Ok(()) } else { Err("nothing explains it".to_owned()) }
}

/// The step was retried, failed, or was given up before it came to that.
fn answered(fault: &Fault, events: &[Event]) -> bool {
    events.iter().any(|event| match &event.kind {
        EventKind::StepRetried { step, attempt, .. } => **step == fault.step && *attempt == fault.attempt,
        EventKind::StepFailed { step, .. } | EventKind::StepCancelled { step, .. } => **step == fault.step,
        _ => false,
    })
}

fn without_indices(step: &str) -> String {
    let parts = step.split('/').map(|part| part.split('[').next().unwrap_or_default());
    parts.collect::<Vec<_>>().join("/")
}
