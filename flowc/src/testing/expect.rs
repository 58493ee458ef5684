use std::fmt::Write;
use std::time::SystemTime;

use similar::TextDiff;

use super::golden::said;
use super::named::{NamesStep, is_at};
use crate::event::{Event, EventKind};

/// What a test expects of the events of one run. Each method panics where it does not hold, and says what happened instead.
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
///     fn sums(number: u32) -> u32 {
///         let left = double(number);
///         let right = double(number);
///         let both = double(left + right);
///         both
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let engine = Engine::builder().resources(()).build();
/// let ran = testing::collect(engine.start(sums(3))).await;
/// testing::expect(&ran.events)
///     .order(&[&sums::left, &sums::right, &sums::both])
///     .before(sums::right, sums::both)
///     .calls(sums::both, 1)
///     .finished(sums::both);
/// # }
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Expect<'e> {
    events: &'e [Event],
}

/// Looks at the events of one run, as [`collect`](super::collect) gives them.
pub fn expect(events: &[Event]) -> Expect<'_> {
    Expect { events }
}

/// A call of a step: the numbers of the events at its beginning and at its end.
#[derive(Debug, Clone, Copy)]
struct Call {
    began: usize,
    ended: usize,
}

#[allow(
    clippy::return_self_not_must_use,
    reason = "it has said what it has to say; what it gives is for the next question"
)]
impl Expect<'_> {
    /// The step was called so many times, in all items and rounds. Attempts do not count.
    #[track_caller]
    pub fn calls(self, step: impl NamesStep, times: usize) -> Self {
        let path = step.path();
        let found = self.calls_of(&path).len();
        self.check(found == times, || format!("expected {times} calls of `{path}`, and there were {found}"))
    }

    /// The node was called again so many times after it failed, in all calls of the step.
    #[track_caller]
    pub fn retries(self, step: impl NamesStep, times: usize) -> Self {
        let path = step.path();
        let found = self.count(&path, |kind| matches!(kind, EventKind::StepRetried { .. }));
        self.check(found == times, || format!("expected {times} retries of `{path}`, and there were {found}"))
    }

    /// The step was never called.
    #[track_caller]
    pub fn never(self, step: impl NamesStep) -> Self {
        self.calls(step, 0)
    }

    /// Each call of the step gave its value, and there was one.
    #[track_caller]
    pub fn finished(self, step: impl NamesStep) -> Self {
        self.ended(&step.path(), "finished", |kind| matches!(kind, EventKind::StepFinished { .. }))
    }

    /// Each call of the step failed, and there was one.
    #[track_caller]
    pub fn failed(self, step: impl NamesStep) -> Self {
        self.ended(&step.path(), "failed", |kind| matches!(kind, EventKind::StepFailed { .. }))
    }

    /// Each call of the step was cancelled, and there was one.
    #[track_caller]
    pub fn cancelled(self, step: impl NamesStep) -> Self {
        self.ended(&step.path(), "cancelled", |kind| matches!(kind, EventKind::StepCancelled { .. }))
    }

    /// Each call of the first step ended before any call of the second began.
    #[track_caller]
    pub fn before(self, first: impl NamesStep, second: impl NamesStep) -> Self {
        let (first, second) = (first.path(), second.path());
        let last = self.called(&first).iter().map(|call| call.ended).max();
        let next = self.called(&second).iter().map(|call| call.began).min();
        self.check(last < next, || format!("expected `{first}` to be over before `{second}` began"))
    }

    /// A call of the one step ran while a call of the other did.
    #[track_caller]
    pub fn overlap(self, one: impl NamesStep, other: impl NamesStep) -> Self {
        let (one, other) = (one.path(), other.path());
        let others = self.called(&other);
        let overlaps = self
            .called(&one)
            .iter()
            .any(|call| others.iter().any(|other| call.began < other.ended && other.began < call.ended));
        self.check(overlaps, || format!("expected `{one}` and `{other}` to run at the same time"))
    }

    /// The steps began in this order. A step that is called several times is named as often; steps that are not named do not count.
    #[track_caller]
    pub fn order(self, steps: &[&dyn NamesStep]) -> Self {
        let expected: Vec<String> = steps.iter().map(NamesStep::path).collect();
        let found: Vec<String> = self
            .events
            .iter()
            .filter(|event| matches!(event.kind, EventKind::StepStarted { .. }))
            .filter_map(|event| event.kind.step())
            .filter_map(|step| expected.iter().find(|meant| is_at(step, meant)).cloned())
            .collect();
        self.same("the order in which the steps began", &expected, &found)
    }

    /// The step emitted these texts, in this order.
    #[track_caller]
    pub fn texts<T: AsRef<str>>(self, step: impl NamesStep, texts: impl IntoIterator<Item = T>) -> Self {
        let path = step.path();
        let expected: Vec<String> = texts.into_iter().map(|text| text.as_ref().to_owned()).collect();
        let found = self.events.iter().filter_map(|event| match &event.kind {
            EventKind::Chunk { step, data } if is_at(step, &path) => data.text().map(str::to_owned),
            _ => None,
        });
        let found: Vec<String> = found.collect();
        self.same(&format!("what `{path}` emitted"), &expected, &found)
    }
}

impl Expect<'_> {
    fn calls_of(self, path: &str) -> Vec<Call> {
        let mut calls: Vec<(&str, Call)> = Vec::new();
        for (place, event) in self.events.iter().enumerate() {
            let Some(step) = event.kind.step().filter(|step| is_at(step, path)) else { continue };
            if matches!(event.kind, EventKind::StepStarted { .. }) {
                calls.push((step, Call { began: place, ended: usize::MAX }));
            } else if is_end(&event.kind) {
                // Of two calls with one path the first to begin is taken to be the first to end.
                let open = calls.iter_mut().find(|(other, call)| *other == step && call.ended == usize::MAX);
                if let Some((_, call)) = open {
                    call.ended = place;
                }
            }
        }
        calls.into_iter().map(|(_, call)| call).collect()
    }

    /// The calls of a step, of which there must be one.
    #[track_caller]
    fn called(self, path: &str) -> Vec<Call> {
        let calls = self.calls_of(path);
        self.check(!calls.is_empty(), || format!("expected a call of `{path}`, and there was none"));
        calls
    }

    fn count(self, path: &str, what: fn(&EventKind) -> bool) -> usize {
        let step = |event: &&Event| event.kind.step().is_some_and(|step| is_at(step, path));
        self.events.iter().filter(step).filter(|event| what(&event.kind)).count()
    }

    #[track_caller]
    fn ended(self, path: &str, how: &str, what: fn(&EventKind) -> bool) -> Self {
        let (calls, ended) = (self.called(path).len(), self.count(path, what));
        self.check(calls == ended, || format!("expected each call of `{path}` to have {how}: {ended} of {calls} did"))
    }

    #[track_caller]
    fn same(self, what: &str, expected: &[String], found: &[String]) -> Self {
        let text = |lines: &[String]| lines.iter().flat_map(|line| [line.as_str(), "\n"]).collect::<String>();
        self.check(expected == found, || {
            format!("{what} is not as expected (- expected, + found)\n{}", diff(&text(expected), &text(found)))
        })
    }

    #[track_caller]
    fn check(self, holds: bool, why: impl FnOnce() -> String) -> Self {
        if !holds {
            super::fail(&format!("{}\n\nWhat happened:\n{}", why().trim_end(), timeline(self.events)));
        }
        self
    }
}

fn is_end(kind: &EventKind) -> bool {
    matches!(kind, EventKind::StepFinished { .. } | EventKind::StepFailed { .. } | EventKind::StepCancelled { .. })
}

/// The lines of two texts, with a sign in front of each that only one of them has.
pub(super) fn diff(expected: &str, found: &str) -> String {
    let mut text = String::new();
    for change in TextDiff::from_lines(expected, found).iter_all_changes() {
        let _ = write!(text, "{} {change}", change.tag());
    }
    text
}

/// The events in the order of time, one a line.
fn timeline(events: &[Event]) -> String {
    let mut text = String::new();
    let start = events.first().map_or(SystemTime::UNIX_EPOCH, |event| event.time);
    for event in events {
        let since = event.time.duration_since(start).unwrap_or_default();
        let step = event.kind.step().filter(|_| !event.kind.is_last()).unwrap_or_default();
        let _ = writeln!(text, "{:>10} {step} {}", format!("{since:.1?}"), said(&event.kind));
    }
    text
}
