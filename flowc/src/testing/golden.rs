//! Events as a text that is the same each time.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::event::{Event, EventKind};

/// The events of one run as a text that is the same for each run that does the same, to be kept in a file and compared, with `insta`
/// say.
///
/// Times, durations and the run's id are left out. Each step has a paragraph with what happened to it, in order. The paragraphs
/// are in the order of the steps' paths, where `[10]` comes after `[9]`, and not in the order of time: steps that run side by side
/// may be told in one order today and in another tomorrow. Where the order is the point, use [`expect`](super::expect).
///
/// ```
/// use flowc::{Engine, node, testing, workflow};
///
/// #[node]
/// async fn double(number: u32) -> u32 {
///     number * 2
/// }
///
/// workflow! {
///     fn twice(number: u32) -> u32 {
///         let once = double(number);
///         let twice = double(once);
///         twice
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let engine = Engine::builder().resources(()).build();
/// let ran = testing::collect(engine.start(twice(3))).await;
/// assert_eq!(
///     testing::golden(&ran.events),
///     "\
/// run of `twice` started
///
/// twice/once
///   started `double`
///   finished
///
/// twice/twice
///   started `double`
///   finished
///
/// run finished
/// "
/// );
/// # }
/// ```
pub fn golden(events: &[Event]) -> String {
    let mut steps: BTreeMap<Vec<Part>, (String, Vec<String>)> = BTreeMap::new();
    let (mut head, mut foot) = (Vec::new(), Vec::new());
    for event in events {
        let id = event.run.to_string();
        let said = said(&event.kind).replace(&id, "<run>").replace('\n', "\n    ");
        match event.kind.step() {
            Some(step) if !event.kind.is_last() => {
                let (_, lines) = steps.entry(parts(step)).or_insert_with(|| (step.to_owned(), Vec::new()));
                lines.push(said);
            }
            _ if event.kind.is_last() => foot.push(said),
            _ => head.push(said),
        }
    }
    let mut text = String::new();
    for line in head {
        let _ = writeln!(text, "{line}");
    }
    for (step, lines) in steps.values() {
        let _ = writeln!(text, "\n{step}");
        for line in lines {
            let _ = writeln!(text, "  {line}");
        }
    }
    for line in foot {
        let _ = writeln!(text, "\n{line}");
    }
    text
}

/// What happened, without when and where.
pub(super) fn said(kind: &EventKind) -> String {
    match kind {
        EventKind::RunStarted { workflow, correlation_id: None } => format!("run of `{workflow}` started"),
        EventKind::RunStarted { workflow, correlation_id: Some(id) } => {
            format!("run of `{workflow}` started for `{id}`")
        }
        EventKind::StepStarted { node, .. } => format!("started `{node}`"),
        EventKind::StepRetried { attempt, error, .. } => format!("failed in attempt {attempt}: {error}"),
        EventKind::StepWaiting { signal: Some(signal), .. } => format!("waits for signal `{signal}`"),
        EventKind::StepWaiting { signal: None, .. } => "waits".to_owned(),
        EventKind::SignalRefused { signal, error, .. } => format!("cannot read signal `{signal}`: {error}"),
        EventKind::Chunk { data, .. } => format!("gave {data}"),
        EventKind::Progress { done, total, .. } => format!("has done {done} of {total}"),
        EventKind::StepFinished { .. } => "finished".to_owned(),
        EventKind::StepFailed { kind, error, .. } => format!("failed ({kind}): {error}"),
        EventKind::StepCancelled { .. } => "was cancelled".to_owned(),
        EventKind::StepSkipped { .. } => "was never started".to_owned(),
        EventKind::Usage { usage, .. } => {
            format!("used {} + {} tokens of `{}`", usage.input_tokens, usage.output_tokens, usage.model)
        }
        EventKind::MapStarted { items: Some(items), .. } => format!("has {items} items"),
        EventKind::MapStarted { items: None, .. } => "has items".to_owned(),
        EventKind::MapFinished { items, .. } => format!("finished {items} items"),
        EventKind::PermitTaken { policy, name, .. } => format!("passed the {policy} `{name}`"),
        EventKind::PermitReturned { name, .. } => format!("left the concurrency `{name}`"),
        EventKind::BreakerChanged { name, from, to, .. } => {
            format!("changed the breaker `{name}` from {from:?} to {to:?}")
        }
        EventKind::CacheHit { name, .. } => format!("came from the cache `{name}`"),
        EventKind::CacheMissed { name, .. } => format!("was not in the cache `{name}`"),
        EventKind::FallbackTaken { kind, error, .. } => format!("fell back ({kind}): {error}"),
        EventKind::RunFinished { .. } => "run finished".to_owned(),
        EventKind::RunFailed { error, .. } => format!("run failed: {error}"),
        EventKind::RunCancelled { .. } => "run was cancelled".to_owned(),
        EventKind::Lagged(missed) => format!("{missed} events were missed"),
    }
}

/// A piece of a path; digits count as a number.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    Text(String),
    Number(u64),
}

pub(super) fn parts(path: &str) -> Vec<Part> {
    path.split(['/', '[', ']'])
        .filter(|part| !part.is_empty())
        .map(|part| part.parse().map_or_else(|_| Part::Text(part.to_owned()), Part::Number))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn items_are_in_the_order_of_their_numbers() {
        let mut paths = ["a/b[10]/c", "a/b[9]/c", "a/b", "a/a"];
        paths.sort_by_key(|path| parts(path));
        assert_eq!(paths, ["a/a", "a/b", "a/b[9]/c", "a/b[10]/c"]);
    }
}
