//! Runs that go on where they were.
#![cfg(feature = "journal")]

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use flowc::journal::{
    Begun, Entry, History, Journal, JournalFuture, Journaled, Json, Listener, Outcome, Posted, RunFilter, RunRecord,
    Signal, Storable, StorableInputs, StoredRun, StoredState, TakenOver, Wait,
};
use flowc::{
    AnyError, Context, DurableEngine, Engine, Failure, FailureKind, Prepared, Resources, ResourcesFrom, RunId,
    RunState, Workflow, node, workflow,
};
use serde::{Deserialize, Serialize};

type Open = (RunRecord, History, Option<Outcome>);

/// A journal that survives an engine, and no process.
#[derive(Clone, Default)]
pub struct Memory(Arc<Inner>);

#[derive(Default)]
pub struct Inner {
    runs: Mutex<BTreeMap<RunId, Open>>,
    full: AtomicBool,
    /// Another process has all runs.
    taken: AtomicBool,
    listener: Mutex<Option<Arc<dyn Listener>>>,
}

impl Memory {
    fn ready<T: Send + 'static>(value: T) -> JournalFuture<'static, T> {
        Box::pin(std::future::ready(Ok(value)))
    }

    /// The next steps cannot be stored.
    pub fn fill(&self) {
        self.0.full.store(true, Relaxed);
    }

    /// A journal with one run only, which has another history.
    pub fn with(&self, run: RunId, history: History) -> Self {
        let copy = Self::default();
        let record = self.0.runs.lock().unwrap()[&run].0.clone();
        copy.0.runs.lock().unwrap().insert(run, (record, history, None));
        copy
    }

    pub fn outcome(&self, run: RunId) -> Option<Outcome> {
        self.0.runs.lock().unwrap().get(&run).and_then(|run| run.2.clone())
    }
}

impl Journal for Memory {
    fn begin(&self, run: RunRecord) -> JournalFuture<'_, Begun> {
        let mut runs = self.0.runs.lock().unwrap();
        let known = runs.values().find(|known| run.start_key.is_some() && known.0.start_key == run.start_key);
        if let Some((known, ..)) = known {
            return Self::ready(Begun::Known(known.id));
        }
        runs.insert(run.id, (run, History::default(), None));
        Self::ready(Begun::Stored)
    }

    fn append(&self, run: RunId, entry: Entry) -> JournalFuture<'_, ()> {
        if self.0.full.load(Relaxed) {
            return Box::pin(std::future::ready(Err(AnyError::new("the disk is full"))));
        }
        if self.0.taken.load(Relaxed) {
            return Box::pin(std::future::ready(Err(AnyError::new(TakenOver))));
        }
        self.0.runs.lock().unwrap().get_mut(&run).unwrap().1.entries.push(entry);
        Self::ready(())
    }

    fn end(&self, run: RunId, outcome: Outcome) -> JournalFuture<'_, ()> {
        self.0.runs.lock().unwrap().get_mut(&run).unwrap().2 = Some(outcome);
        Self::ready(())
    }

    fn open_runs(&self) -> JournalFuture<'_, Vec<RunRecord>> {
        let runs = self.0.runs.lock().unwrap();
        Self::ready(runs.values().filter(|run| run.2.is_none()).map(|run| run.0.clone()).collect())
    }

    fn history(&self, run: RunId) -> JournalFuture<'_, History> {
        Self::ready(self.0.runs.lock().unwrap().get(&run).map(|run| run.1.clone()).unwrap_or_default())
    }

    fn wait(&self, run: RunId, wait: Wait) -> JournalFuture<'_, ()> {
        if self.0.full.load(Relaxed) {
            return Box::pin(std::future::ready(Err(AnyError::new("the disk is full"))));
        }
        self.0.runs.lock().unwrap().get_mut(&run).unwrap().1.waits.push(wait);
        Self::ready(())
    }

    fn signal(&self, run: RunId, signal: Signal) -> JournalFuture<'_, Posted> {
        let mut runs = self.0.runs.lock().unwrap();
        Self::ready(match runs.get_mut(&run) {
            None => Posted::Unknown,
            Some((_, _, Some(_))) => Posted::Over,
            Some((_, history, _)) if history.signals.iter().any(|other| other.key == signal.key) => Posted::Duplicate,
            Some((_, history, _)) => {
                history.signals.push(signal);
                Posted::Stored
            }
        })
    }

    fn runs(&self, filter: RunFilter) -> JournalFuture<'_, Vec<StoredRun>> {
        assert_eq!(filter, RunFilter::new(), "filters are tested with the store");
        Self::ready(self.0.runs.lock().unwrap().values().rev().map(stored).collect())
    }

    fn find(&self, run: RunId) -> JournalFuture<'_, Option<StoredRun>> {
        Self::ready(self.0.runs.lock().unwrap().get(&run).map(stored))
    }

    fn delete_ended(&self, _: SystemTime) -> JournalFuture<'_, u64> {
        Self::ready(0)
    }

    fn listen(&self, listener: Arc<dyn Listener>) {
        *self.0.listener.lock().unwrap() = Some(listener);
    }
}

fn stored((record, history, outcome): &Open) -> StoredRun {
    let (state, text) = match outcome {
        None => (StoredState::Open, None),
        Some(Outcome::Finished(text)) => (StoredState::Finished, Some(text.clone())),
        Some(Outcome::Failed(text)) => (StoredState::Failed, Some(text.clone())),
        Some(_) => (StoredState::Cancelled, None),
    };
    let done = |key| history.entries.iter().any(|entry| entry.key == key);
    let RunRecord { id, workflow, graph, inputs, correlation_id, start_key } = record.clone();
    let waiting = history.waits.iter().filter(|wait| !done(wait.key)).cloned().collect();
    StoredRun { id, workflow, graph, correlation_id, start_key, inputs, state, outcome: text, ended: None, waiting }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Lost {
    word: String,
}

impl std::fmt::Display for Lost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "nothing about {}", self.word)
    }
}

impl std::error::Error for Lost {}

/// `gate` is closed: the step waits for the end of its process.
#[derive(Default)]
struct World {
    gate: AtomicBool,
    calls: Mutex<Vec<String>>,
}

impl World {
    fn call(&self, what: &str, cx: &Context) {
        self.calls.lock().unwrap().push(format!("{what} {}", cx.idempotency_key()));
    }

    fn words(&self) -> Vec<String> {
        let calls = self.calls.lock().unwrap();
        calls.iter().map(|call| call.split(' ').next().unwrap().to_owned()).collect()
    }
}

#[derive(Resources)]
struct App {
    world: Arc<World>,
}

#[node]
async fn double(number: u32, #[resource] world: &World, #[context] cx: &Context) -> u32 {
    world.call(&format!("double-{number}"), cx);
    number * 2
}

#[node]
async fn find(word: &str, #[resource] world: &World, #[context] cx: &Context) -> Result<u32, Lost> {
    world.call(word, cx);
    Err(Lost { word: word.to_owned() })
}

#[node]
async fn plain(#[resource] world: &World, #[context] cx: &Context) -> Result<u32, std::fmt::Error> {
    world.call("plain", cx);
    Err(std::fmt::Error)
}

#[node]
async fn gate(sum: u32, #[resource] world: &World, #[context] cx: &Context) -> u32 {
    world.call("gate", cx);
    if !world.gate.load(Relaxed) {
        std::future::pending::<()>().await;
    }
    sum + 1
}

workflow! {
    fn inner(numbers: &[u32]) -> u32 {
        #[max(4)]
        let doubled = for number in numbers { double(*number) };
        doubled.iter().sum::<u32>()
    }

    fn long(numbers: Vec<u32>) -> String {
        let sum = inner(&numbers);
        let found = match catch(find("cat")) {
            Ok(_) => 0,
            Err(failure) => match failure.error() {
                Some(lost) => lost.word.len() as u32,
                None => 100,
            },
        };
        let mut rest = sum;
        #[max(3)]
        loop {
            if rest > 40 { break; }
            rest = double(rest);
        }
        #[retry(attempts = 2)]
        let last = gate(rest + found);
        format!("{sum} {found} {last}")
    }

    fn asks_for_more() -> u32 {
        let found = match catch(plain()) {
            Ok(number) => number,
            Err(_) => 7,
        };
        gate(found)
    }
}

/// How a run fails whose steps cannot be stored.
pub async fn on_a_full_disk<W>(workflow: Prepared<'static, W>) -> (Failure, Option<RunId>)
where
    W: Workflow + ResourcesFrom<()> + Journaled<Json>,
    W::Output: Storable<W, Json> + std::fmt::Debug,
    W::Input<'static>: StorableInputs<W, Json>,
{
    let journal = Memory::default();
    journal.0.full.store(true, Relaxed);
    let run = Engine::builder().resources(()).journal(journal).build().start(workflow);
    let id = run.id();
    (run.await.unwrap_err(), Some(id))
}

/// How a run ends that another process has taken over.
pub async fn taken_over<W>(workflow: Prepared<'static, W>) -> (Failure, Option<RunId>)
where
    W: Workflow + ResourcesFrom<()> + Journaled<Json>,
    W::Output: Storable<W, Json> + std::fmt::Debug,
    W::Input<'static>: StorableInputs<W, Json>,
{
    let journal = Memory::default();
    journal.0.taken.store(true, Relaxed);
    let mut run = Engine::builder().resources(()).journal(journal.clone()).build().start(workflow);
    let id = run.id();
    let failure = (&mut run).await.unwrap_err();
    assert_eq!(run.status().state, RunState::Cancelled, "it has not failed, for it goes on elsewhere");
    assert_eq!(journal.outcome(id), None, "what ends here is not stored");
    (failure, Some(id))
}

fn engine(world: &Arc<World>, journal: &Memory) -> DurableEngine<App> {
    Engine::builder().resources(App { world: Arc::clone(world) }).journal(journal.clone()).build()
}

/// Runs until the gate holds it, then lets the process "end".
fn crash(world: &Arc<World>, journal: &Memory, start: impl FnOnce(&DurableEngine<App>) -> RunId) -> RunId {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let id = start(&engine(world, journal));
        while !world.words().iter().any(|word| word == "gate") {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        id
    })
}

#[test]
fn a_run_goes_on_after_its_last_stored_step() {
    let (world, journal) = (Arc::new(World::default()), Memory::default());
    let id = crash(&world, &journal, |engine| {
        let run = engine.start(long(vec![1, 2, 3]).correlation_id("request 7"));
        let id = run.id();
        run.detach();
        id
    });
    let before = world.words();
    assert_eq!(journal.outcome(id), None);

    world.gate.store(true, Relaxed);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let engine = engine(&world, &journal);
        assert!(engine.resume::<asks_for_more>().await.unwrap().is_empty(), "that is another workflow");
        assert_eq!(engine.open_runs().await.unwrap().len(), 1);
        let [run] = <[_; 1]>::try_from(engine.resume::<long>().await.unwrap()).unwrap();
        assert_eq!((run.id(), run.status().correlation_id.as_deref()), (id, Some("request 7")));
        assert_eq!(run.await.unwrap(), "12 3 52");
        assert!(engine.open_runs().await.unwrap().is_empty());
    });
    assert_eq!(world.words()[before.len()..], ["gate"], "only the step in flight was called again");
    assert_eq!(journal.outcome(id), Some(Outcome::Finished("\"12 3 52\"".to_owned())));
    let calls = world.calls.lock().unwrap();
    let gates: Vec<_> = calls.iter().filter(|call| call.starts_with("gate")).collect();
    assert_eq!(gates[0], gates[1], "with the same key");
    assert!(gates[0].contains(&id.to_string()));
}

#[test]
fn an_error_that_is_not_stored_is_not_made_up() {
    let (world, journal) = (Arc::new(World::default()), Memory::default());
    let id = crash(&world, &journal, |engine| {
        let run = engine.start(asks_for_more());
        let id = run.id();
        run.detach();
        id
    });
    world.gate.store(true, Relaxed);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let failure = runtime.block_on(async {
        let runs = engine(&world, &journal).resume::<asks_for_more>().await.unwrap();
        runs.into_iter().next().unwrap().await.unwrap_err()
    });
    assert_eq!((failure.kind(), failure.step()), (FailureKind::Journal, "asks_for_more/plain"));
    assert!(failure.help().contains("serde::Serialize"), "{}", failure.help());
    assert!(matches!(journal.outcome(id), Some(Outcome::Failed(_))), "it would be the same the next time");
    assert_eq!(world.words(), ["plain", "gate"], "no step began after it");
}

#[tokio::test]
async fn a_journal_that_fails_stops_the_run_and_leaves_it_open() {
    let (world, journal) = (Arc::new(World::default()), Memory::default());
    world.gate.store(true, Relaxed);
    journal.0.full.store(true, Relaxed);
    let engine = engine(&world, &journal);
    // A `catch` around the step does not take it.
    let failure = engine.start(asks_for_more()).await.unwrap_err();
    assert_eq!((failure.kind(), failure.step()), (FailureKind::Journal, "asks_for_more/plain"));
    assert!(failure.to_string().contains("the disk is full"), "{failure}");
    assert_eq!(engine.open_runs().await.unwrap().len(), 1);

    journal.0.full.store(false, Relaxed);
    let runs = engine.resume::<asks_for_more>().await.unwrap();
    assert_eq!(runs.into_iter().next().unwrap().await.unwrap(), 8);
    assert!(engine.open_runs().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_run_that_somebody_cancels_is_over_and_one_of_an_engine_shut_down_is_not() {
    static STARTED: AtomicU32 = AtomicU32::new(0);
    let (world, journal) = (Arc::new(World::default()), Memory::default());
    let engine = engine(&world, &journal);
    let (run, other) = (engine.start(asks_for_more()), engine.start(asks_for_more()));
    let (id, open) = (run.id(), other.id());
    while world.words().iter().filter(|word| *word == "gate").count() < 2 {
        STARTED.fetch_add(1, Relaxed);
        tokio::task::yield_now().await;
    }
    run.cancel();
    assert_eq!(run.await.unwrap_err().kind(), FailureKind::Cancelled);
    assert_eq!(journal.outcome(id), Some(Outcome::Cancelled));
    let watch = other.watch();
    let _ = engine.shutdown(Duration::ZERO).await;
    assert_eq!(watch.status().state, RunState::Cancelled);
    assert_eq!(journal.outcome(open), None);
}

#[node]
async fn forever() {
    std::future::pending().await
}

workflow! {
    fn endless() { forever() }
}

#[tokio::test]
async fn what_other_processes_do_is_heard() {
    let journal = Memory::default();
    let engine = Engine::builder().resources(()).journal(journal.clone()).build();
    let listener = journal.0.listener.lock().unwrap().clone().unwrap();
    let (lost, cancelled, other) = (engine.start(endless()), engine.start(endless()), engine.start(endless()));
    let (lost_id, cancelled_id) = (lost.id(), cancelled.id());
    while engine.open_runs().await.unwrap().len() < 3 {
        tokio::task::yield_now().await;
    }
    listener.lost(&[lost_id, RunId::new()]);
    let failure = lost.await.unwrap_err();
    assert_eq!(failure.kind(), FailureKind::TakenOver);
    assert!(failure.to_string().contains("did not renew its lease in time"), "{failure}");
    assert_eq!(journal.outcome(lost_id), None);
    assert!(listener.cancel(cancelled_id) && !listener.cancel(lost_id));
    assert_eq!(cancelled.await.unwrap_err().kind(), FailureKind::Cancelled);
    assert_eq!(journal.outcome(cancelled_id), Some(Outcome::Cancelled));
    assert!(!other.status().state.is_over(), "nobody spoke of it");
    other.cancel();
}
