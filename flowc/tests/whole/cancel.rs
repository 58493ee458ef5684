//! Tokens, deadlines and clean-ups: who is told, when, and what is said of it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use flowc::{CancelToken, Context, Engine, EventKind, Failure, FailureKind, node, workflow};
use tokio::time::{Instant, sleep};

const MS: fn(u64) -> Duration = Duration::from_millis;

/// What happened, and when.
#[derive(Clone)]
pub struct Diary(Arc<Mutex<Vec<String>>>, Instant);

impl Diary {
    fn new() -> Self {
        Self(Arc::default(), Instant::now())
    }
    fn note(&self, what: &str) {
        self.0.lock().unwrap().push(format!("{} {what}", self.1.elapsed().as_millis()));
    }
    fn read(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

#[derive(flowc::Resources, Clone)]
struct App {
    diary: Diary,
}

/// Says when it is dropped.
struct Held(Diary, &'static str);

impl Drop for Held {
    fn drop(&mut self) {
        self.0.note(&format!("dropped {}", self.1));
    }
}

/// Takes its time, and cleans up.
#[node]
async fn work(
    name: &'static str,
    millis: u64,
    #[resource] diary: &Diary,
    #[context] cx: &Context,
) -> Result<u64, String> {
    let _held = Held(diary.clone(), name);
    let (mine, other) = (diary.clone(), diary.clone());
    cx.on_cancel(async move {
        sleep(MS(20)).await;
        mine.note(&format!("cleaned {name}"));
    });
    cx.on_cancel(async move { other.note(&format!("cleaned {name} first")) });
    sleep(MS(millis)).await;
    if name == "bad" { Err("it is bad".to_owned()) } else { Ok(millis) }
}

/// The time that is left for it.
#[node]
fn left(#[context] cx: &Context) -> Option<Duration> {
    cx.remaining()
}

#[node(spawn)]
async fn left_spawned(#[context] cx: &Context) -> Option<Duration> {
    cx.remaining()
}

#[node(blocking)]
fn left_blocking(#[context] cx: &Context) -> Option<Duration> {
    cx.remaining()
}

workflow! {
    fn pair(one: u64, two: u64) -> u64 {
        let one = work("one", one);
        let two = work("two", two);
        one + two
    }
    fn outer(millis: u64) -> u64 {
        let inner = pair(millis, millis);
        inner
    }
    fn mixed() -> u64 {
        let bad = work("bad", 10);
        let good = work("good", 100);
        bad + good
    }
    fn hasty() -> u64 {
        #[timeout("30ms")]
        let slow = work("slow", 100);
        slow
    }
    fn inside() -> Option<Duration> {
        let left = left();
        left
    }
    fn everywhere() -> Vec<Option<Duration>> {
        let here = left();
        let inside = inside();
        let spawned = left_spawned();
        let blocking = left_blocking();
        #[timeout("1s")]
        let nearer = left();
        vec![here, inside, spawned, blocking, nearer]
    }
}

fn app() -> App {
    App { diary: Diary::new() }
}

#[tokio::test(start_paused = true)]
async fn a_deadline_reaches_every_step() {
    let limit = Some(MS(5000));
    let all = [limit, limit, limit, limit, Some(MS(1000))];
    assert_eq!(everywhere().timeout(MS(5000)).run(&()).await.unwrap(), all);
    let end = (Instant::now() + MS(5000)).into_std();
    assert_eq!(everywhere().deadline(end).run(&()).await.unwrap(), all);
    assert_eq!(everywhere().deadline(end).timeout(MS(9000)).run(&()).await.unwrap(), all, "the earlier holds");
    let engine = Engine::builder().resources(()).run_timeout(MS(5000)).build();
    assert_eq!(engine.start(everywhere()).await.unwrap(), all);
    assert_eq!(
        engine.start(inside().timeout(MS(7000))).await.unwrap(),
        Some(MS(7000)),
        "its own time, not the engine's"
    );
    assert_eq!(inside().run(&()).await.unwrap(), None);
    assert_eq!(inside().timeout(MS(1000)).run_blocking_elsewhere(), 1);
}

/// `run_blocking` on a thread without a runtime.
trait Elsewhere {
    fn run_blocking_elsewhere(self) -> usize;
}

impl Elsewhere for flowc::Prepared<'static, inside, flowc::RunOptions> {
    fn run_blocking_elsewhere(self) -> usize {
        let left = std::thread::spawn(move || self.run_blocking(&()).unwrap()).join().unwrap();
        usize::from(left.is_some_and(|left| left <= MS(1000)))
    }
}

fn is_late(failure: &Failure, limit: &str, help: &str) {
    assert_eq!(failure.kind(), FailureKind::Timeout);
    assert!(failure.to_string().contains(limit), "{failure}");
    assert!(failure.help().contains(help), "{}", failure.help());
    assert_eq!(failure.elapsed(), Some(MS(50)));
    assert_eq!(failure.cancelled_steps(), ["outer/inner", "outer/inner/one", "outer/inner/two"]);
    assert_eq!(failure.step(), "outer");
}

#[tokio::test(start_paused = true)]
async fn a_run_past_its_time_fails_at_once_and_says_what_was_running() {
    let app = app();
    let failure = outer(1000).timeout(MS(50)).run(&app).await.unwrap_err();
    is_late(&failure, "the run took longer than its limit of 50ms", ".timeout(..)");
    assert_eq!(app.diary.read(), ["50 dropped one", "50 dropped two"]);

    let end = (Instant::now() + MS(50)).into_std();
    let failure = outer(1000).deadline(end).run(&app).await.unwrap_err();
    is_late(&failure, "deadline passed", ".deadline(..)");

    let engine = Engine::builder().resources(app).run_timeout(MS(50)).build();
    let run = engine.start(outer(1000));
    let watch = run.watch();
    is_late(&run.await.unwrap_err(), "the run took longer than its limit of 50ms", "run_timeout");
    assert_eq!(watch.status().state, flowc::RunState::Failed(FailureKind::Timeout));
    assert_eq!(watch.status().elapsed, MS(50));
}

#[tokio::test(start_paused = true)]
async fn a_busy_run_is_stopped_in_time_too() {
    #[node]
    async fn busy() -> u64 {
        loop {
            // Never waits for long, and uses up what the runtime lets a task do in one go.
            tokio::task::consume_budget().await;
        }
    }
    workflow! {
        fn spin() -> u64 { let busy = busy(); busy }
    }
    tokio::time::resume();
    let failure = spin().timeout(MS(20)).run(&()).await.unwrap_err();
    assert_eq!((failure.kind(), failure.cancelled_steps()), (FailureKind::Timeout, &["spin/busy".to_owned()][..]));
}

#[test]
fn without_a_timer_a_limit_is_an_error_and_no_panic() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let failure = runtime.block_on(pending().timeout(MS(1)).run(&())).unwrap_err();
    assert_eq!(failure.kind(), FailureKind::Runtime);
    assert!(failure.to_string().contains("time enabled"), "{failure}");
}

#[node]
async fn never() -> u64 {
    std::future::pending().await
}

workflow! {
    fn pending() -> u64 { let never = never(); never }
}

#[tokio::test(start_paused = true)]
async fn a_token_cancels_the_run_within_one_poll() {
    let app = app();
    let request = CancelToken::new();
    let run = tokio::spawn({
        let (app, token, other) = (app.clone(), request.child(), CancelToken::new());
        async move { outer(1000).cancel_on(&other).cancel_on(&token).run(&app).await }
    });
    sleep(MS(30)).await;
    request.cancel();
    let failure = run.await.unwrap().unwrap_err();
    assert_eq!(failure.kind(), FailureKind::Cancelled);
    assert!(failure.to_string().contains("cancel_on"), "{failure}");
    assert_eq!(failure.cancelled_steps(), ["outer/inner", "outer/inner/one", "outer/inner/two"]);
    assert_eq!(failure.elapsed(), Some(MS(30)));
    assert_eq!(app.diary.read()[..2], ["30 dropped one", "30 dropped two"]);

    let failure = outer(1000).cancel_on(&request).run(&app).await.unwrap_err();
    assert_eq!((failure.kind(), failure.cancelled_steps().len()), (FailureKind::Cancelled, 0), "before it began");

    let engine = Engine::builder().resources(app).build();
    let token = CancelToken::new();
    let run = engine.start(pair(1000, 1000).cancel_on(&token));
    tokio::task::yield_now().await;
    token.cancel();
    let failure = run.await.unwrap_err();
    assert_eq!(failure.cancelled_steps(), ["pair/one", "pair/two"]);
    assert!(!token.child().is_cancelled() || token.is_cancelled());
}

#[tokio::test(start_paused = true)]
async fn the_last_event_says_what_was_cancelled() {
    let engine = Engine::builder().resources(app()).build();
    let mut run = engine.start(outer(1000));
    while let Some(event) = run.next_event().await {
        match event.kind {
            EventKind::StepStarted { step, .. } if &*step == "outer/inner/two" => run.cancel(),
            EventKind::RunCancelled { steps, .. } => {
                assert_eq!(*steps, ["outer/inner", "outer/inner/one", "outer/inner/two"].map(str::to_owned));
            }
            _ => {}
        }
    }
    let failure = run.await.unwrap_err();
    assert!(failure.to_string().contains("`cancel` was called"), "{failure}");
    assert!(failure.report().to_string().contains("cancelled outer/inner/one"));
    assert!(failure.problem().to_string().contains(r#""cancelled_steps":["outer/inner","#));
}

#[tokio::test(start_paused = true)]
async fn a_step_cleans_up_when_it_is_cancelled_times_out_or_its_run_fails() {
    // Cancelled: destructors first, then the clean-ups, the last one first.
    let app = app();
    let engine = Engine::builder().resources(app.clone()).build();
    let run = engine.start(pair(1000, 10));
    sleep(MS(30)).await;
    run.cancel();
    sleep(MS(100)).await;
    assert_eq!(app.diary.read(), ["10 dropped two", "30 dropped one", "30 cleaned one first", "50 cleaned one"]);

    // Its run fails: only the one that was at work, not the one that returned its error.
    let app = super_app();
    let engine = Engine::builder().resources(app.clone()).build();
    engine.start(mixed()).await.unwrap_err();
    sleep(MS(100)).await;
    assert_eq!(app.diary.read(), ["10 dropped bad", "10 dropped good", "10 cleaned good first", "30 cleaned good"]);

    // Its time is up; and in a plain run as well.
    let app = super_app();
    hasty().run(&app).await.unwrap_err();
    sleep(MS(100)).await;
    assert_eq!(app.diary.read(), ["30 dropped slow", "30 cleaned slow first", "50 cleaned slow"]);

    // Dropped.
    let app = super_app();
    tokio::time::timeout(MS(5), pair(10, 20).run(&app)).await.unwrap_err();
    sleep(MS(100)).await;
    assert_eq!(app.diary.read().len(), 6, "{:?}", app.diary.read());

    // It came to its end.
    let app = super_app();
    assert_eq!(pair(10, 20).run(&app).await.unwrap(), 30);
    sleep(MS(100)).await;
    assert_eq!(app.diary.read(), ["10 dropped one", "20 dropped two"]);
}

fn super_app() -> App {
    app()
}

#[test]
fn a_run_without_a_runtime_waits_for_its_clean_ups() {
    let app = app();
    mixed().run_blocking(&app).unwrap_err();
    assert!(app.diary.read().iter().any(|line| line.ends_with("cleaned good")), "{:?}", app.diary.read());
}

/// Panics after it said how to clean up; the first clean-up panics as well.
#[node]
async fn breaks(#[resource] diary: &Diary, #[context] cx: &Context) -> u64 {
    let diary = diary.clone();
    cx.on_cancel(async move { diary.note("cleaned") });
    cx.on_cancel(async { panic!("a clean-up that panics") });
    panic!("a node that panics")
}

workflow! {
    fn broken() -> u64 { let it = breaks(); it }
}

#[tokio::test(start_paused = true)]
async fn a_panic_is_cleaned_up_and_a_panic_of_a_clean_up_does_not_matter() {
    let app = app();
    let failure = broken().run(&app).await.unwrap_err();
    assert_eq!((failure.kind(), failure.step()), (FailureKind::Panic, "broken/it"));
    sleep(MS(1)).await;
    assert_eq!(app.diary.read(), ["0 cleaned"]);
}

/// Holds on to its context on another thread.
#[node(blocking)]
fn toil(diary: Diary, told: std::sync::mpsc::Sender<()>, #[context] cx: &Context) -> u64 {
    let cleaned = diary.clone();
    cx.on_cancel(async move { cleaned.note("cleaned") });
    diary.note("begun");
    while !cx.is_cancelled() {
        std::thread::sleep(MS(1));
    }
    std::thread::sleep(MS(20));
    diary.note("back");
    let _ = told.send(());
    1
}

#[node(spawn)]
async fn apart(diary: Diary, #[context] cx: &Context) -> u64 {
    let _held = Held(diary.clone(), "apart");
    diary.note("begun");
    cx.on_cancel(async move { diary.note("cleaned") });
    std::future::pending().await
}

workflow! {
    fn toiling(diary: Diary, told: std::sync::mpsc::Sender<()>) -> u64 { let it = toil(diary, told); it }
    fn spawned(diary: Diary) -> u64 { let it = apart(diary); it }
}

#[tokio::test]
async fn a_node_elsewhere_is_told_at_once_and_cleaned_up_when_it_is_back() {
    let (diary, (told, heard)) = (Diary::new(), std::sync::mpsc::channel());
    let engine = Engine::builder().resources(()).build();
    let run = engine.start(toiling(diary.clone(), told));
    lines(&diary, 1).await;
    run.cancel();
    assert_eq!(run.await.unwrap_err().kind(), FailureKind::Cancelled);
    let report = engine.shutdown(MS(0)).await;
    assert_eq!(report.unfinished_cleanups, 0);
    heard.try_recv().expect("the engine waited for the thread, whose clean-up comes after it");
    assert_eq!(lines(&diary, 3).await, ["begun", "back", "cleaned"]);

    let diary = Diary::new();
    let token = CancelToken::new();
    let run = tokio::spawn(spawned(diary.clone()).cancel_on(&token).run_owned());
    lines(&diary, 1).await;
    token.cancel();
    run.await.unwrap();
    assert_eq!(lines(&diary, 3).await, ["begun", "dropped apart", "cleaned"]);
}

/// What the diary says, without the times, once it has so many lines.
async fn lines(diary: &Diary, count: usize) -> Vec<String> {
    let begun = Instant::now();
    while diary.read().len() < count && begun.elapsed() < Duration::from_secs(20) {
        sleep(MS(2)).await;
    }
    diary.read().iter().map(|line| line.split_once(' ').unwrap().1.to_owned()).collect()
}

trait Owned {
    async fn run_owned(self);
}

impl Owned for flowc::Prepared<'static, spawned, flowc::RunOptions> {
    async fn run_owned(self) {
        self.run(&()).await.unwrap_err();
    }
}

/// Gives its context away.
#[node]
async fn lends(out: tokio::sync::mpsc::UnboundedSender<Context>, millis: u64, #[context] cx: &Context) -> String {
    out.send(cx.clone()).unwrap();
    sleep(MS(millis)).await;
    [cx.traceparent(), cx.tracestate()].map(|header| header.unwrap_or_else(|| "-".to_owned())).join(" ")
}

workflow! {
    fn lending(out: tokio::sync::mpsc::UnboundedSender<Context>, millis: u64) -> String {
        let it = lends(out, millis);
        it
    }
}

#[tokio::test(start_paused = true)]
async fn the_token_of_a_call_is_a_child_of_the_runs() {
    let engine = Engine::builder().resources(()).build();
    let (out, mut contexts) = tokio::sync::mpsc::unbounded_channel();
    let run = engine.start(lending(out.clone(), 1000));
    let lent = contexts.recv().await.unwrap();
    let token = lent.token();
    let (child, waits) = (
        token.child(),
        tokio::spawn({
            let lent = lent.clone();
            async move { lent.cancelled().await }
        }),
    );
    assert!(!token.is_cancelled() && !lent.is_cancelled());
    // The engine's token, then the run's, then the call's, then whatever the node made of it, before anything is polled.
    let shutdown = engine.shutdown(MS(0));
    let (shutdown, failure) = tokio::join!(shutdown, run);
    assert!(token.is_cancelled() && child.is_cancelled() && lent.is_cancelled());
    waits.await.unwrap();
    assert_eq!(shutdown.cancelled, 1);
    let failure = failure.unwrap_err();
    assert!(failure.to_string().contains("engine was shut down") && failure.help().contains("shutdown"), "{failure}");

    // A call that is over has cancelled its token too, and a clean-up that comes late is not done.
    let text = lending(out, 1).run(&()).await.unwrap();
    assert_eq!(text, "- -");
    let lent = contexts.recv().await.unwrap();
    assert!(lent.token().is_cancelled());
    lent.on_cancel(async { panic!("nothing was cancelled") });
    sleep(MS(10)).await;
}

#[tokio::test(start_paused = true)]
async fn good_headers_of_a_trace_reach_the_steps_and_bad_ones_do_not() {
    let (out, _contexts) = tokio::sync::mpsc::unbounded_channel();
    let header = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let (alone, both) = (format!("{header} -"), format!("{header} rojo=1,congo=2"));
    assert_eq!(lending(out.clone(), 1).traceparent(header).run(&()).await.unwrap(), alone);
    assert_eq!(lending(out.clone(), 1).traceparent("00-nonsense").run(&()).await.unwrap(), "- -");
    // The state says nothing without its parent, and a bad one takes nothing from it.
    let state = "rojo=1, congo=2";
    assert_eq!(lending(out.clone(), 1).tracestate(state).run(&()).await.unwrap(), "- -");
    assert_eq!(lending(out.clone(), 1).tracestate(state).traceparent("nonsense").run(&()).await.unwrap(), "- -");
    assert_eq!(lending(out.clone(), 1).traceparent(header).tracestate("rojo").run(&()).await.unwrap(), alone);
    assert_eq!(lending(out.clone(), 1).tracestate(state).traceparent(header).run(&()).await.unwrap(), both);
    let engine = Engine::builder().resources(()).build();
    assert_eq!(engine.start(lending(out, 1).traceparent(header).tracestate(state)).await.unwrap(), both);
}
