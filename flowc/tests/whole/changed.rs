//! Runs that go on in a workflow that has changed.
#![cfg(feature = "journal")]

use std::sync::Mutex;
use std::time::Duration;

use flowc::journal::{Journal, Journaled, Json, Migration, Storable, StorableInputs};
use flowc::{DurableEngine, Engine, FailureKind, Prepared, Resources, ResourcesFrom, RunId, Workflow, node};
use serde::{Deserialize, Serialize};

use super::durable::Memory;

/// What was called.
#[derive(Default)]
pub struct Calls(Mutex<Vec<String>>);

impl Calls {
    fn note(&self, what: &str) {
        self.0.lock().unwrap().push(what.to_owned());
    }

    fn all(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

/// What stands in the way of a step the first time.
pub struct Gate(bool);

#[derive(Resources)]
pub struct App {
    calls: Calls,
    gate: Gate,
}

#[node]
async fn pass(word: String, #[resource] gate: &Gate) -> String {
    if !gate.0 {
        std::future::pending::<()>().await;
    }
    word
}

#[node]
fn count(texts: &[String], _after: &str, #[resource] calls: &Calls) -> usize {
    calls.note("count");
    texts.len()
}

#[node]
fn greet(word: &str, #[resource] calls: &Calls) -> String {
    calls.note("greet");
    format!("hello {word}")
}

mod first {
    use super::{Calls, Gate, count, node, pass};

    #[node(version = "1.2.0")]
    pub(super) fn search(word: &str, #[resource] calls: &Calls) -> Vec<String> {
        let _: Option<Gate> = None;
        calls.note("search");
        vec![word.to_owned()]
    }

    flowc::workflow! {
        pub(super) fn digest(word: String) -> String {
            let found = search(&word);
            let passed = pass(word);
            let number = count(&found, &passed);
            format!("{passed} {number}")
        }
    }
}

/// A step more before, one between and one after; the last one is another.
mod more {
    use super::{Calls, greet, node, pass};

    #[node(version = "1.3.0")]
    pub(super) fn search(word: &str, #[resource] calls: &Calls) -> Vec<String> {
        calls.note("search");
        vec![word.to_owned()]
    }

    #[node(version = "2.0.0")]
    fn amount(texts: &[String], _after: &str) -> usize {
        texts.len() + 10
    }

    flowc::workflow! {
        pub(super) fn digest(word: String) -> String {
            let greeting = greet(&word);
            let found = search(&word);
            let passed = pass(word);
            let number = amount(&found, &passed);
            format!("{greeting} {passed} {number}")
        }
    }
}

/// What was found is something else.
mod other {
    use super::{Calls, Found, node, pass};

    #[node(version = "2.0.0")]
    pub(super) fn search(word: &str, #[resource] calls: &Calls) -> Found {
        calls.note("search again");
        Found { texts: vec![word.to_owned()], pages: 7 }
    }

    #[node]
    fn pages(found: &Found, _after: &str) -> u32 {
        found.pages
    }

    flowc::workflow! {
        pub(super) fn digest(word: String) -> String {
            let found = search(&word);
            let passed = pass(word);
            let number = pages(&found, &passed);
            format!("{passed} {number}")
        }
    }
}

/// The same by its names and numbers, and not by its fields.
mod renamed {
    use super::{Calls, node, pass};

    #[derive(serde::Serialize, serde::Deserialize)]
    pub struct Vec<T> {
        items: std::vec::Vec<T>,
    }

    #[node(version = "1.2.0")]
    pub(super) fn search(word: &str, #[resource] calls: &Calls) -> Vec<String> {
        calls.note("search again");
        Vec { items: vec![word.to_owned()] }
    }

    #[node]
    fn count(found: &Vec<String>, _after: &str) -> usize {
        found.items.len()
    }

    flowc::workflow! {
        pub(super) fn digest(word: String) -> String {
            let found = search(&word);
            let passed = pass(word);
            let number = count(&found, &passed);
            format!("{passed} {number}")
        }
    }
}

#[derive(Serialize, Deserialize)]
pub struct Found {
    texts: Vec<String>,
    pages: u32,
}

fn engine(journal: &Memory, gate: bool) -> DurableEngine<App> {
    Engine::builder().resources(App { calls: Calls::default(), gate: Gate(gate) }).journal(journal.clone()).build()
}

/// A run that has found, and waits at the gate when its process ends.
async fn interrupted<W>(journal: &Memory, workflow: Prepared<'static, W>) -> RunId
where
    W: Workflow + ResourcesFrom<App> + Journaled<Json>,
    W::Output: Storable<W, Json>,
    W::Input<'static>: StorableInputs<W, Json>,
{
    let engine = engine(journal, false);
    let run = engine.start(workflow);
    let id = run.id();
    run.detach();
    while journal.history(id).await.unwrap().entries.is_empty() {
        tokio::task::yield_now().await;
    }
    let _ = engine.shutdown(Duration::ZERO).await;
    id
}

#[tokio::test]
async fn steps_may_come_and_go_where_the_run_has_not_been() {
    let journal = Memory::default();
    let id = interrupted(&journal, first::digest("cat".to_owned())).await;
    let engine = engine(&journal, true);
    let run = engine.resume::<more::digest>().await.unwrap().pop().unwrap();
    assert_eq!(run.id(), id);
    assert_eq!(run.await.unwrap(), "hello cat cat 11");
    assert_eq!(engine.resources().calls.all(), ["greet"]);
}

#[tokio::test]
async fn what_is_done_must_be_what_it_was() {
    let journal = Memory::default();
    interrupted(&journal, first::digest("cat".to_owned())).await;
    let engine = engine(&journal, true);
    let failure = engine.resume::<other::digest>().await.unwrap().pop().unwrap().await.unwrap_err();
    assert_eq!(failure.kind(), FailureKind::Journal);
    assert_eq!(
        failure.to_string(),
        "workflow `digest` could not be kept: `digest` has changed since the run began, in what the run has done (- then, + now); bring it back until the run is over, \
         say by a `Migration` what becomes of it, or cancel the run\n\
         - digest/found: search 1.2.0 (word) -> Vec<String>\n\
         + digest/found: search 2.0.0 (word) -> Found"
    );
    assert_eq!(engine.open_runs().await.unwrap().len(), 1);
    // In the workflow as it was, nothing is lost.
    assert_eq!(engine.resume::<first::digest>().await.unwrap().pop().unwrap().await.unwrap(), "cat 1");
    assert_eq!(engine.resources().calls.all(), ["count"]);
}

#[tokio::test]
async fn a_migration_makes_old_outputs_into_new_ones() {
    let journal = Memory::default();
    interrupted(&journal, first::digest("cat".to_owned())).await;
    let engine = engine(&journal, true);
    let migration = Migration::<other::digest>::new()
        .output(other::digest::found, |texts: Vec<String>| Found { pages: 40 + u32::from(texts.len() == 1), texts });
    let run = engine.resume_with(migration).await.unwrap().pop().unwrap();
    assert_eq!(run.await.unwrap(), "cat 41");
    assert!(engine.resources().calls.all().is_empty());
}

#[tokio::test]
async fn a_migration_can_call_a_step_again() {
    let journal = Memory::default();
    interrupted(&journal, first::digest("cat".to_owned())).await;
    let engine = engine(&journal, true);
    let migration = Migration::<other::digest>::new().again(other::digest::found);
    assert_eq!(engine.resume_with(migration).await.unwrap().pop().unwrap().await.unwrap(), "cat 7");
    assert_eq!(engine.resources().calls.all(), ["search again"]);
}

#[tokio::test]
async fn a_migration_that_takes_something_else_says_where() {
    let journal = Memory::default();
    interrupted(&journal, first::digest("cat".to_owned())).await;
    let engine = engine(&journal, true);
    let migration = Migration::<other::digest>::new()
        .output(other::digest::found, |pages: Vec<u32>| Found { pages: pages.len() as u32, texts: Vec::new() });
    let failure = engine.resume_with(migration).await.unwrap().pop().unwrap().await.unwrap_err();
    let text = failure.to_string();
    assert!(
        text.contains(
            "what is stored of `digest/found` could not be migrated: it is not what the migration takes: at `[0]`: invalid type"
        ),
        "{text}"
    );
    assert_eq!(engine.open_runs().await.unwrap().len(), 1);
}

#[tokio::test]
async fn what_cannot_be_read_names_run_step_and_field() {
    let journal = Memory::default();
    let id = interrupted(&journal, first::digest("cat".to_owned())).await;
    let engine = engine(&journal, true);
    let failure = engine.resume::<renamed::digest>().await.unwrap().pop().unwrap().await.unwrap_err();
    assert_eq!((failure.step(), failure.run_id()), ("digest/found", id));
    let text = failure.to_string();
    assert!(text.contains("what is stored of it cannot be read: at `[0]`: invalid type: string \"cat\""), "{text}");
}
