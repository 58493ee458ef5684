//! Runs that begin with what others have done, and runs that move.
#![cfg(feature = "journal")]

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use flowc::journal::{Outcome, StoredState};
use flowc::{DurableEngine, Engine, ForkError, ImportError, Resources, RunId, node, workflow};

use super::durable::Memory;

#[derive(Default)]
pub struct Calls(Mutex<Vec<String>>);

impl Calls {
    fn note(&self, what: String) {
        self.0.lock().unwrap().push(what);
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

/// Whether the scale works.
#[derive(Default)]
pub struct Scale(AtomicBool);

#[derive(Resources, Default)]
pub struct App {
    calls: Calls,
    scale: Scale,
}

#[node]
fn search(word: &str, #[resource] calls: &Calls) -> Vec<String> {
    calls.note("search".to_owned());
    vec![word.to_owned(), format!("{word}s")]
}

#[node]
fn greet(word: &str, #[resource] calls: &Calls) -> String {
    calls.note("greet".to_owned());
    format!("hello {word}")
}

#[node]
fn weigh(text: &str, #[resource] calls: &Calls, #[resource] scale: &Scale) -> Result<usize, String> {
    calls.note(format!("weigh {text}"));
    if scale.0.load(Relaxed) { Ok(text.len()) } else { Err("the scale is broken".to_owned()) }
}

workflow! {
    fn digest(word: String) -> String {
        let greeting = greet(&word);
        let found = search(&word);
        #[max(1)]
        let weights = for text in &found { weigh(text) };
        format!("{greeting} {weights:?}")
    }
    fn other(word: String) -> String {
        let greeting = greet(&word);
        greeting
    }
}

fn engine(journal: &Memory, works: bool) -> DurableEngine<App> {
    let app = App { scale: Scale(AtomicBool::new(works)), ..App::default() };
    Engine::builder().resources(app).journal(journal.clone()).build()
}

async fn failed(journal: &Memory) -> RunId {
    let engine = engine(journal, false);
    let run = engine.start(digest("cat".to_owned()).correlation_id("7"));
    let id = run.id();
    run.await.unwrap_err();
    id
}

#[tokio::test]
async fn what_had_failed_is_called_again() {
    let journal = Memory::default();
    let id = failed(&journal).await;
    let engine = engine(&journal, true);
    let run = engine.fork::<digest>(id).start().await.unwrap();
    let new = run.id();
    assert!(new != id);
    assert_eq!(run.await.unwrap(), "hello cat [3, 4]");
    assert_eq!(engine.resources().calls.take(), ["weigh cat", "weigh cats"]);
    assert!(matches!(journal.outcome(id), Some(Outcome::Failed(_))), "the other run stays as it is");
    let found = engine.stored(new).await.unwrap().unwrap();
    assert_eq!((found.state, found.correlation_id.as_deref()), (StoredState::Finished, Some("7")));
    // All that it began with is its own.
    assert_eq!(engine.history(new).await.unwrap().entries.len(), 4);
}

#[tokio::test]
async fn other_data_at_a_step_and_a_step_once_more() {
    let journal = Memory::default();
    let id = failed(&journal).await;
    let engine = engine(&journal, true);
    let fork = engine.fork::<digest>(id).output(digest::found, vec!["dog".to_owned()]);
    assert_eq!(fork.start().await.unwrap().await.unwrap(), "hello cat [3]");
    assert_eq!(engine.resources().calls.take(), ["weigh dog"]);

    let run = engine.fork::<digest>(id).again(digest::found).start().await.unwrap();
    let done = run.id();
    assert_eq!(run.await.unwrap(), "hello cat [3, 4]");
    assert_eq!(engine.resources().calls.take(), ["search", "weigh cat", "weigh cats"]);

    // Of a run that is done, nothing is called again but what is asked for.
    let run = engine.fork::<digest>(done).again(digest::greeting).start().await.unwrap();
    assert_eq!(run.await.unwrap(), "hello cat [3, 4]");
    assert_eq!(engine.resources().calls.take(), ["greet"]);
}

#[tokio::test]
async fn what_cannot_be_forked_is_said() {
    let journal = Memory::default();
    let id = failed(&journal).await;
    let engine = engine(&journal, true);
    let error = engine.fork::<other>(id).start().await.unwrap_err();
    assert_eq!(error.to_string(), format!("run {id} is one of `digest`, and not of `other`; write `fork::<digest>`"));
    let error = engine.fork::<digest>(RunId::new()).start().await.unwrap_err();
    assert!(matches!(error, ForkError::Unknown { .. }), "{error}");
}

#[tokio::test]
async fn a_run_moves_to_another_journal() {
    let (here, there) = (Memory::default(), Memory::default());
    let id = failed(&here).await;
    let (from, to) = (engine(&here, true), engine(&there, true));
    let text = from.export(id).await.unwrap().unwrap();
    assert_eq!(to.import(&text).await.unwrap(), id);
    assert_eq!(there.outcome(id), here.outcome(id));
    assert_eq!(to.history(id).await.unwrap(), from.history(id).await.unwrap());
    assert_eq!(to.fork::<digest>(id).start().await.unwrap().await.unwrap(), "hello cat [3, 4]");

    let error = to.import(&text).await.unwrap_err();
    assert!(matches!(error, ImportError::Known { run } if run == id), "{error}");
    for (text, why) in [
        ("{}".to_owned(), "missing field `format`"),
        (text.replace("\"format\":1", "\"format\":2"), "it has the format 2, and this version reads 1"),
        (text.replace("\"state\":\"failed\"", "\"state\":\"lost\""), "nobody knows the state `lost`"),
    ] {
        let error = engine(&Memory::default(), true).import(&text).await.unwrap_err().to_string();
        assert!(error.starts_with("the text is no exported run: ") && error.contains(why), "{error}");
    }
    assert_eq!(from.export(RunId::new()).await.unwrap(), None);
}
