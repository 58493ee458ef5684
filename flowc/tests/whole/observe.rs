//! What collectors, listeners and the status of a run are told.

use crate::support;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use flowc::observe::{Collector, EngineEvent, Observation, RunInfo};
use flowc::policy::{BreakerPolicy, Shares};
use flowc::{Context, Engine, Event, EventKind, Events, RunId, RunState, StepState, Usage, Watch, node, workflow};
use support::{App, fails, inc, many, nested, short, slow, talking};

#[node]
fn ask(word: &str, #[context] cx: &Context) -> String {
    cx.usage(Usage::new("tiny").input_tokens(3).output_tokens(4).cost(0.5));
    word.to_uppercase()
}

#[node(retry(attempts = 3, base = "10ms"))]
fn third_time(x: &u64, #[context] cx: &Context) -> Result<u64, String> {
    if cx.attempt() < 3 { Err(format!("not in attempt {}", cx.attempt())) } else { Ok(*x) }
}

workflow! {
    /// Something of everything.
    pub fn mixed(words: Vec<String>) -> u64 {
        #[max(2)]
        let loud = for word in &words { ask(word) };
        let count = third_time(&(loud.len() as u64));
        match count {
            0 => inc(&count),
            _ => match catch(fails("on purpose", 0)) {
                Ok(n) => nested(n),
                Err(_) => inc(&7),
            },
        }
    }
}

/// Writes down what it hears.
#[derive(Default)]
struct Recorder(Mutex<Vec<Event>>);

impl Collector for Recorder {
    fn on_event(&self, run: &RunInfo<'_>, event: &Observation<'_>) {
        assert_eq!(run.id, event.run);
        self.0.lock().unwrap().push(event.to_event());
    }
}

impl Recorder {
    fn lines(&self) -> Vec<String> {
        self.0.lock().unwrap().iter().map(line).collect()
    }
}

fn line(event: &Event) -> String {
    format!("{} {}", event.seq, short(event))
}

async fn rest(mut events: Events) -> Vec<Event> {
    let mut all = Vec::new();
    while let Some(event) = events.next().await {
        all.push(event);
    }
    all
}

fn words() -> Vec<String> {
    vec!["a".to_owned(), "b".to_owned()]
}

#[tokio::test(start_paused = true)]
async fn a_collector_hears_what_a_listener_hears() {
    let recorder = Arc::new(Recorder::default());
    let engine = Engine::builder().resources(()).collector(Arc::clone(&recorder)).build();
    let run = engine.start(mixed(words()).correlation_id("order 7"));
    let heard: Vec<_> = rest(run.events()).await.iter().map(line).collect();
    assert_eq!(recorder.lines(), heard);
    assert_eq!(
        heard,
        [
            "0 run started",
            "1 mixed/loud map of Some(2)",
            "2 mixed/loud[0]/ask started",
            "3 mixed/loud[0]/ask usage Usage { model: \"tiny\", provider: None, operation: None, response_model: None, finish_reason: None, duration: None, error: None, input_tokens: 3, output_tokens: 4, cost: 0.5 }",
            "4 mixed/loud[0]/ask finished",
            "5 mixed/loud[1]/ask started",
            "6 mixed/loud[1]/ask usage Usage { model: \"tiny\", provider: None, operation: None, response_model: None, finish_reason: None, duration: None, error: None, input_tokens: 3, output_tokens: 4, cost: 0.5 }",
            "7 mixed/loud[1]/ask finished",
            "8 mixed/loud map done with 2",
            "9 mixed/count started",
            "10 mixed/count retried",
            "11 mixed/count retried",
            "12 mixed/count finished",
            "13 mixed/fails started",
            "14 mixed/fails failed: oops: on purpose",
            "15 mixed/inc#2 started",
            "16 mixed/inc#2 finished",
            "17 mixed/inc skipped",
            "18 mixed/nested skipped",
            "19 mixed/nested/begin skipped",
            "20 mixed/nested/reply skipped",
            "21 mixed/nested/reply/first skipped",
            "22 mixed/nested/reply/second skipped",
            "23 mixed/nested/reply/third skipped",
            "24 run finished",
        ]
    );
    assert_eq!(run.await.unwrap(), 8);
}

#[tokio::test(start_paused = true)]
async fn what_the_status_calls_skipped_was_told_as_skipped() {
    let recorder = Arc::new(Recorder::default());
    let (app, _) = App::new();
    let engine = Engine::builder().resources(app).collector(Arc::clone(&recorder)).build();
    let statuses = [
        engine.start(mixed(words())).ended().await.status(),
        engine.start(many(vec![1, 2, 3])).ended().await.status(),
        engine.start(nested(1)).ended().await.status(),
    ];
    let mut told = 0;
    for status in statuses {
        assert!(status.state.is_over());
        assert!(status.steps.iter().all(|step| step.state != StepState::Pending), "{status:?}");
        let mut skipped: Vec<_> = status.steps.iter().filter(|step| step.state == StepState::Skipped).collect();
        let events = recorder.0.lock().unwrap().clone();
        let of_run = events.iter().filter(|event| event.run == status.id);
        for event in of_run.filter(|event| matches!(event.kind, EventKind::StepSkipped { .. })) {
            let place = skipped.iter().position(|step| Some(&*step.path) == event.kind.step());
            skipped.remove(place.unwrap_or_else(|| panic!("{event:?} of {status:?}")));
            told += 1;
        }
        assert!(skipped.is_empty(), "{skipped:?}");
    }
    assert_eq!(told, 7);
}

/// Checks the facts that a step reference gives without its path.
#[derive(Default)]
struct Facts(Mutex<Vec<String>>);

impl Collector for Facts {
    fn on_event(&self, run: &RunInfo<'_>, event: &Observation<'_>) {
        if let EventKind::StepStarted { step, .. } = &event.kind {
            let node = step.node().map_or("", |node| node.name);
            let line = format!("{} {} {} {} {node}", run.graph.name, step.graph().name, step.label(), step.name());
            self.0.lock().unwrap().push(line);
        }
    }
}

#[tokio::test]
async fn a_step_is_labelled_without_indices_and_by_the_workflow_that_it_stands_in() {
    let facts = Arc::new(Facts::default());
    let engine = Engine::builder().resources(()).collector(Arc::clone(&facts)).build();
    engine.start(nested(1)).await.unwrap();
    let _ = engine.start(many(vec![1])).await;
    assert_eq!(
        *facts.0.lock().unwrap(),
        [
            "nested nested begin begin inc",
            "nested nested reply reply chain",
            "nested chain first first inc",
            "nested chain second second inc",
            "nested chain third third inc",
            "many many done/fails fails fails",
        ]
    );
}

/// Panics each time.
#[derive(Default)]
struct Bad(AtomicU64);

impl Collector for Bad {
    fn on_event(&self, _: &RunInfo<'_>, _: &Observation<'_>) {
        self.0.fetch_add(1, Ordering::Relaxed);
        panic!("a collector without manners");
    }
}

#[tokio::test]
async fn a_collector_that_panics_hurts_nobody_and_is_given_up() {
    let (bad, recorder) = (Arc::new(Bad::default()), Arc::new(Recorder::default()));
    let engine = Engine::builder().resources(()).collector(Arc::clone(&bad)).collector(Arc::clone(&recorder)).build();
    for _ in 0..4 {
        assert_eq!(engine.start(nested(1)).await.unwrap(), 5);
    }
    assert_eq!(recorder.lines().len(), 4 * 12, "{:?}", recorder.lines());
    assert_eq!((bad.0.load(Ordering::Relaxed), engine.collector_panics()), (16, 16));
}

/// Asks for the status of the run that it is told of.
#[derive(Default)]
struct Curious {
    watch: OnceLock<Watch>,
    done: Mutex<Vec<usize>>,
}

impl Collector for Curious {
    fn on_event(&self, _: &RunInfo<'_>, event: &Observation<'_>) {
        if let (EventKind::StepFinished { .. }, Some(watch)) = (&event.kind, self.watch.get()) {
            let status = watch.status();
            assert_eq!(status.next_seq, event.seq + 1);
            self.done.lock().unwrap().push(status.steps.iter().filter(|step| step.done > 0).count());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_collector_may_ask_for_the_status() {
    let (app, _) = App::new();
    let curious = Arc::new(Curious::default());
    let engine = Engine::builder().resources(app).collector(Arc::clone(&curious)).build();
    let run = engine.start(slow(1));
    curious.watch.set(run.watch()).unwrap();
    run.await.unwrap();
    assert_eq!(*curious.done.lock().unwrap(), [1, 2]);
}

#[tokio::test(start_paused = true)]
async fn a_listener_goes_on_where_it_was() {
    let (app, _) = App::new();
    let engine = Engine::builder().resources(app).keep_events().build();
    let watch = engine.start(slow(1)).detach();
    let mut first = watch.events();
    let seen = first.next().await.unwrap().seq;
    drop(first);
    tokio::time::sleep(Duration::from_secs(1)).await;
    let lines: Vec<_> = rest(watch.events_from(seen + 1)).await.iter().map(line).collect();
    assert_eq!(
        lines,
        [
            "1 slow/wait started",
            "2 slow/wait finished",
            "3 slow/again started",
            "4 slow/again finished",
            "5 run finished"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_status_and_the_events_from_there_leave_no_gap() {
    let (app, _) = App::new();
    let engine = Engine::builder().resources(app).build();
    let run = engine.start(slow(1));
    tokio::time::sleep(Duration::from_millis(130)).await;
    let status = run.status();
    assert_eq!(status.step("slow/wait").unwrap().state, StepState::Done);
    let lines: Vec<_> = rest(run.events_from(status.next_seq)).await.iter().map(line).collect();
    assert_eq!(lines, ["4 slow/again finished", "5 run finished"]);
}

#[tokio::test(start_paused = true)]
async fn what_nobody_heard_is_counted_for_who_comes_late() {
    let (app, _) = App::new();
    let engine = Engine::builder().resources(app).build();
    let watch = engine.start(slow(1)).detach();
    tokio::time::sleep(Duration::from_millis(130)).await;
    let from_the_start = watch.events_from(0);
    let lines: Vec<_> = rest(from_the_start).await.iter().map(line).collect();
    assert_eq!(lines, ["3 lagged 4", "4 slow/again finished", "5 run finished"]);
    assert_eq!(watch.status().events_missed, 4);
}

#[tokio::test(start_paused = true)]
async fn what_listeners_missed_is_counted_in_the_status_and_told_to_collectors() {
    let recorder = Arc::new(Recorder::default());
    let engine = Engine::builder().resources(()).event_capacity(2).collector(Arc::clone(&recorder)).build();
    let run = engine.start(talking(1));
    let (one, two) = (run.events_from(0), run.events_from(1));
    let id: RunId = run.id();
    tokio::time::sleep(Duration::from_millis(1)).await;
    let counts = [rest(one).await, rest(two).await].map(|events| match events.as_slice() {
        [Event { kind: EventKind::Lagged(missed), seq, run, .. }, finished, over] => {
            assert_eq!((*seq, *run, finished.seq, over.seq), (4, id, 5, 6));
            *missed
        }
        other => panic!("{other:?}"),
    });
    assert_eq!(counts, [5, 4]);
    assert_eq!((run.status().events_missed, run.status().state), (9, RunState::Finished));
    let lines = recorder.lines();
    assert_eq!(lines.len(), 7 + 2);
    assert_eq!(lines[7..], ["4 lagged 5", "4 lagged 4"]);
}

/// Writes down what the engine tells.
#[derive(Default)]
struct OfEngine(Mutex<Vec<String>>);

impl Collector for OfEngine {
    fn on_event(&self, _: &RunInfo<'_>, _: &Observation<'_>) {}

    fn on_engine_event(&self, event: &EngineEvent<'_>) {
        self.0.lock().unwrap().push(event.to_string());
    }
}

#[tokio::test(start_paused = true)]
async fn a_collector_hears_of_breakers_set_by_hand_and_of_the_shutdown() {
    let told = Arc::new(OfEngine::default());
    let shares = Shares::new();
    let engine = Engine::builder().resources(()).shares(shares.clone()).collector(Arc::clone(&told)).build();
    let breaker = shares.breaker("search", &BreakerPolicy::new().failures(1));
    breaker.force_open();
    breaker.force_open();
    breaker.reset();
    breaker.acquire().unwrap().failure();
    engine.shutdown(Duration::from_secs(1)).await;
    // The shares outlive the engine, and do not keep its collectors.
    drop(engine);
    breaker.force_close();
    let expected = [
        "breaker `search` went from closed to forced_open by hand",
        "breaker `search` went from forced_open to closed by hand",
        "breaker `search` went from closed to open",
        "engine shuts down: 0 runs have 1.0s to end",
        "engine is shut down: 0 runs finished and 0 were cancelled within 0.0ns",
    ];
    assert_eq!(*told.0.lock().unwrap(), expected);
    assert_eq!(Arc::strong_count(&told), 1);
}
