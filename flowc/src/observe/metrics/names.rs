//! The names of the metrics, which follow Prometheus's rules, and what they count.

use metrics::{Recorder, Unit};

pub(super) const RUNS_STARTED: &str = "flowc_runs_started_total";
pub(super) const RUNS: &str = "flowc_runs_total";
pub(super) const RUN_DURATION: &str = "flowc_run_duration_seconds";
pub(super) const RUNS_RUNNING: &str = "flowc_runs_running";
pub(super) const STEPS: &str = "flowc_steps_total";
pub(super) const STEP_DURATION: &str = "flowc_step_duration_seconds";
pub(super) const STEPS_RUNNING: &str = "flowc_steps_running";
pub(super) const STEP_RETRIES: &str = "flowc_step_retries_total";
pub(super) const STEP_FALLBACKS: &str = "flowc_step_fallbacks_total";
pub(super) const PERMIT_WAIT: &str = "flowc_permit_wait_seconds";
pub(super) const PERMITS_IN_USE: &str = "flowc_permits_in_use";
pub(super) const BREAKER_STATE: &str = "flowc_breaker_state";
pub(super) const BREAKER_TRANSITIONS: &str = "flowc_breaker_transitions_total";
pub(super) const CACHE_REQUESTS: &str = "flowc_cache_requests_total";
pub(super) const EVENTS_DROPPED: &str = "flowc_events_dropped_total";
/// `gen_ai.client.token.usage` of OpenTelemetry's semantic conventions, as Prometheus spells it.
pub(super) const TOKEN_USAGE: &str = "gen_ai_client_token_usage";
/// `gen_ai.client.operation.duration` of the same.
pub(super) const OPERATION_DURATION: &str = "gen_ai_client_operation_duration_seconds";
pub(super) const MODEL_COST: &str = "flowc_model_cost";

/// Tells a recorder what the metrics count.
pub(super) fn describe(to: &dyn Recorder) {
    let counters = [
        (RUNS_STARTED, "Runs that began"),
        (RUNS, "Runs that ended, by outcome: ok, or the kind of failure"),
        (STEPS, "Calls of steps that ended, by outcome: ok, the kind of failure, or skipped"),
        (STEP_RETRIES, "Attempts that failed and were followed by another"),
        (STEP_FALLBACKS, "Steps that failed and took their fallback"),
        (BREAKER_TRANSITIONS, "Changes of a circuit breaker to a state"),
        (CACHE_REQUESTS, "Questions to a cache, by result: hit or miss"),
        (EVENTS_DROPPED, "Events that were gone before a listener got to them"),
    ];
    for (name, text) in counters {
        to.describe_counter(name.into(), Some(Unit::Count), text.into());
    }
    let gauges = [
        (RUNS_RUNNING, "Runs that are running"),
        (STEPS_RUNNING, "Calls of steps that are running"),
        (PERMITS_IN_USE, "Permits of a concurrency limit that are in use"),
        (BREAKER_STATE, "1 for the state that a circuit breaker is in, 0 for the others"),
    ];
    for (name, text) in gauges {
        to.describe_gauge(name.into(), Some(Unit::Count), text.into());
    }
    let histograms = [
        (RUN_DURATION, Unit::Seconds, "How long runs took"),
        (STEP_DURATION, Unit::Seconds, "How long calls of steps took, with their retries"),
        (PERMIT_WAIT, Unit::Seconds, "How long steps waited for a permit of a rate or concurrency limit"),
        (TOKEN_USAGE, Unit::Count, "Tokens that a call of a model used, by type: input or output"),
        (OPERATION_DURATION, Unit::Seconds, "How long calls of models took"),
        (MODEL_COST, Unit::Count, "What a call of a model cost, in the application's currency"),
    ];
    for (name, unit, text) in histograms {
        to.describe_histogram(name.into(), Some(unit), text.into());
    }
}
