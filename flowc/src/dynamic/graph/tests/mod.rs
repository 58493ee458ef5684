mod random;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::Graph;
use crate::{Engine, EventKind, FailureKind, Provides};

#[derive(Default)]
struct App {
    calls: AtomicUsize,
}

impl Provides<AtomicUsize> for App {
    fn provide(&self) -> &AtomicUsize {
        &self.calls
    }
}

#[flowc::node]
fn add(left: u32, right: u32) -> u32 {
    left + right
}

#[flowc::node]
async fn slow(text: &str, #[resource] calls: &AtomicUsize) -> usize {
    tokio::time::sleep(Duration::from_secs(10)).await;
    calls.fetch_add(1, Ordering::Relaxed);
    text.len()
}

#[flowc::node(retry(attempts = 3, base = "1ms"))]
fn flaky(limit: u32, #[resource] calls: &AtomicUsize) -> Result<u32, String> {
    let call = calls.fetch_add(1, Ordering::Relaxed);
    if call < 2 { Err(format!("call {call}")) } else { Ok(limit) }
}

#[flowc::node]
fn fail(why: String) -> Result<u32, String> {
    Err(why)
}

#[flowc::node]
fn eat(text: String) -> String {
    text
}

flowc::workflow! {
    fn total(left: u32, right: u32) -> u32 {
        let sum = add(left, right);
        sum
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap()
}

#[test]
fn steps_that_need_nothing_of_each_other_overlap() {
    let graph = Graph::<App>::builder("lengths").input::<String>("text").build(|graph, (text,)| {
        let lengths: Vec<_> = (0..5).map(|_| graph.add::<slow>((&text,))).collect();
        graph.collect(lengths)
    });
    runtime().block_on(async {
        let (app, start) = (App::default(), tokio::time::Instant::now());
        let lengths = graph.call(("a cat".to_owned(),)).run(&app).await.unwrap();
        assert_eq!(lengths, [5; 5]);
        assert_eq!(start.elapsed(), Duration::from_secs(10));
    });
}

#[test]
fn who_takes_a_value_waits_for_those_it_was_lent_to() {
    let graph = Graph::<App>::builder("order").input::<String>("text").build(|graph, (text,)| {
        let length = graph.add::<slow>((&text,));
        let eaten = graph.add::<eat>((text,));
        let length = graph.map(&length, |length| *length);
        let both = graph.map(&eaten, String::len);
        graph.collect([length, both])
    });
    runtime().block_on(async {
        let engine = Engine::builder().resources(App::default()).build();
        let mut run = engine.start(graph.call(("four".to_owned(),)));
        let mut steps = Vec::new();
        while let Some(event) = run.next_event().await {
            match event.kind {
                EventKind::StepStarted { step, .. } => steps.push(format!("{step} starts")),
                EventKind::StepFinished { step, .. } => steps.push(format!("{step} ends")),
                _ => {}
            }
        }
        assert_eq!(steps, ["order/slow starts", "order/slow ends", "order/eat starts", "order/eat ends"]);
        assert_eq!(run.await.unwrap(), [4, 4]);
    });
}

#[test]
fn workflows_nest_and_names_are_paths() {
    let graph = Graph::<App>::builder("outer").input::<u32>("number").build(|graph, (number,)| {
        let three = graph.constant(3);
        let first = graph.step().named("first").add::<total>((number, three));
        let why = graph.map(&first, |first| format!("no {first}"));
        graph.step().named("second").add::<fail>((why,))
    });
    let failure = runtime().block_on(graph.call((4,)).run(&App::default())).unwrap_err();
    assert_eq!((failure.step(), failure.kind()), ("outer/second", FailureKind::Error));
    assert_eq!(failure.error().map(ToString::to_string).as_deref(), Some("no 7"));

    runtime().block_on(async {
        let engine = Engine::builder().resources(App::default()).build();
        let mut run = engine.start(graph.call((4,)));
        let mut steps = Vec::new();
        while let Some(event) = run.next_event().await {
            if let EventKind::StepStarted { step, .. } = event.kind {
                steps.push(step.to_string());
            }
        }
        assert_eq!(steps, ["outer/first", "outer/first/sum", "outer/second"]);
        let status = run.status();
        assert_eq!(status.workflow, "outer");
        assert_eq!(status.steps.len(), 3);
    });
}

#[test]
fn policies_of_nodes_and_limits_of_runs_hold() {
    let graph = Graph::<App>::builder("policies").build(|graph, ()| {
        let limit = graph.constant(9);
        graph.add::<flaky>((limit,))
    });
    let app = App::default();
    assert_eq!(runtime().block_on(graph.call(()).run(&app)).unwrap(), 9);
    assert_eq!(app.calls.load(Ordering::Relaxed), 3);

    let graph = Graph::<App>::builder("late")
        .input::<String>("text")
        .build(|graph, (text,)| graph.step().named("long").add::<slow>((&text,)));
    let limited = graph.call((String::new(),)).timeout(Duration::from_secs(1));
    let failure = runtime().block_on(limited.run(&app)).unwrap_err();
    assert_eq!(failure.kind(), FailureKind::Timeout);
    assert_eq!(failure.cancelled_steps(), ["late/long"]);
}

#[test]
fn a_failure_ends_what_still_runs() {
    let graph = Graph::<App>::builder("ends").input::<String>("text").build(|graph, (text,)| {
        let _long = graph.add::<slow>((&text,));
        graph.add::<fail>((text,))
    });
    let app = App::default();
    // `fail` takes the text, so it waits for `slow`; with its own text it does not.
    let failure = runtime().block_on(graph.call(("x".to_owned(),)).run(&app)).unwrap_err();
    assert_eq!((failure.step(), app.calls.load(Ordering::Relaxed)), ("ends/fail", 1));

    let graph = Graph::<App>::builder("ends").input::<String>("text").build(|graph, (text,)| {
        let _long = graph.add::<slow>((&text,));
        let why = graph.constant("at once".to_owned());
        graph.add::<fail>((why,))
    });
    let app = App::default();
    let failure = runtime().block_on(graph.call(("x".to_owned(),)).run(&app)).unwrap_err();
    assert_eq!((failure.step(), app.calls.load(Ordering::Relaxed)), ("ends/fail", 0));
}

#[test]
fn order_without_a_value_and_steps_that_nobody_uses() {
    let graph = Graph::<App>::builder("effects").input::<String>("text").build(|graph, (text,)| {
        let first = graph.add::<slow>((&text,));
        let five = graph.constant(5);
        let result = graph.constant(1_u32);
        let one = graph.cloned(&result);
        let sum = graph.step().after(&first).add::<add>((one, five));
        let _ = sum;
        result
    });
    let app = App::default();
    assert_eq!(runtime().block_on(graph.call((String::new(),)).run(&app)).unwrap(), 1);
    assert_eq!(app.calls.load(Ordering::Relaxed), 1);
    assert!(graph.spec().to_mermaid().contains("effects"));
}

#[test]
fn graphs_of_one_shape_share_their_description() {
    let make = || {
        Graph::<App>::builder("shape").input::<u32>("n").build(|graph, (n,)| {
            let one = graph.constant(1);
            graph.add::<add>((n, one))
        })
    };
    let (one, other) = (make(), make());
    assert!(std::ptr::eq(one.spec(), other.spec()));
    assert_eq!(one.spec().vertices.len(), 3);
}

#[test]
fn maps_and_choices_are_drawn_and_seen_as_those_of_a_workflow() {
    let up = Graph::<()>::builder("up").input::<u32>("number").build(|graph, (number,)| {
        let one = graph.constant(1);
        graph.step().named("more").add::<add>((number, one))
    });
    let down = Graph::<()>::builder("down").input::<u32>("number").build(|_, (number,)| number);
    let graph = Graph::<()>::builder("shapes").input::<Vec<u32>>("numbers").build(|graph, (numbers,)| {
        let doubled = graph.step().named("doubled").each::<double>(2, numbers);
        let sum = graph.map(&doubled, |doubled| doubled.iter().sum::<u32>());
        let is_small = graph.map(&sum, |sum| *sum < 100);
        graph.step().named("chosen").choose(&is_small, (&up, &down), (sum,))
    });
    insta::assert_snapshot!(graph.spec().to_mermaid());
    let events = runtime().block_on(async {
        let engine = Engine::builder().resources(()).build();
        let mut run = engine.start(graph.call((vec![1, 2, 3],)));
        let mut events = Vec::new();
        while let Some(event) = run.next_event().await {
            match event.kind {
                EventKind::StepStarted { step, node } => events.push(format!("{step} calls {node}")),
                EventKind::MapStarted { step, items } => events.push(format!("{step} has {items:?} items")),
                EventKind::StepSkipped { step, .. } => events.push(format!("{step} is skipped")),
                _ => {}
            }
        }
        assert_eq!(run.await.unwrap(), 13);
        events
    });
    insta::assert_snapshot!(events.join("\n"));
}

#[flowc::node]
fn double(number: u32) -> u32 {
    number * 2
}
