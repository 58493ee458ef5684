//! Durable runs: generic nodes, workflows as steps, errors that can be stored and errors that cannot, inputs by reference.
#![deny(warnings, missing_docs, unreachable_pub)]

use std::fmt::Display;
use std::time::SystemTime;

use flowc::journal::{
    Begun, Entry, History, Journal, JournalFuture, Outcome, Posted, RunFilter, RunRecord, Signal, StoredRun, Wait,
};
use flowc::schema::{Owned, owned};
use flowc::{AnyError, DurableEngine, Engine, RunId, node, workflow};

/// A number without `Serialize`.
#[derive(Debug)]
pub struct Hidden(u32);

/// Shows a value.
#[node]
pub fn show<T: Display + Send + Sync + 'static>(value: T) -> String {
    value.to_string()
}

/// Fails by an error that can be stored.
#[node]
pub fn stored(text: &str) -> Result<u32, String> {
    Err(text.to_owned())
}

/// Fails by an error that cannot.
#[node]
pub fn parsed(text: &str) -> Result<u32, std::num::ParseIntError> {
    text.parse()
}

/// Gives what cannot be stored.
#[node]
pub fn hide(number: u32) -> Hidden {
    Hidden(number)
}

workflow! {
    /// Two steps.
    pub fn twice(text: &str) -> u32 {
        let first = match catch(parsed(text)) {
            Ok(number) => number,
            Err(_) => stored(text),
        };
        first * 2
    }

    /// A step that is a workflow, and one that is generic.
    pub fn all(text: String) -> String {
        let number = twice(&text);
        show::<u32>(number)
    }

    /// Runs in the process alone.
    pub fn hidden(number: u32) -> u32 {
        let hidden = hide(number);
        hidden.0
    }
}

/// Goes on, and starts more.
async fn serve(journal: impl Journal) -> Result<(), AnyError> {
    let engine: DurableEngine<()> = Engine::builder().resources(()).journal(journal).build();
    for run in engine.resume::<all>().await? {
        run.detach();
    }
    for run in engine.resume::<Owned<twice>>().await? {
        run.detach();
    }
    engine.start(all("5".to_owned())).detach();
    engine.start(owned::<twice>(("5".to_owned(),)).correlation_id("request 7")).detach();
    Ok(())
}

fn main() {
    let _ = Engine::builder().resources(()).build().start(hidden(1));
    drop(serve(Never));
}

struct Never;

impl Journal for Never {
    fn begin(&self, _: RunRecord) -> JournalFuture<'_, Begun> {
        Box::pin(std::future::pending())
    }
    fn append(&self, _: RunId, _: Entry) -> JournalFuture<'_, ()> {
        Box::pin(std::future::pending())
    }
    fn end(&self, _: RunId, _: Outcome) -> JournalFuture<'_, ()> {
        Box::pin(std::future::pending())
    }
    fn open_runs(&self) -> JournalFuture<'_, Vec<RunRecord>> {
        Box::pin(std::future::pending())
    }
    fn history(&self, _: RunId) -> JournalFuture<'_, History> {
        Box::pin(std::future::pending())
    }
    fn wait(&self, _: RunId, _: Wait) -> JournalFuture<'_, ()> {
        Box::pin(std::future::pending())
    }
    fn signal(&self, _: RunId, _: Signal) -> JournalFuture<'_, Posted> {
        Box::pin(std::future::pending())
    }
    fn runs(&self, _: RunFilter) -> JournalFuture<'_, Vec<StoredRun>> {
        Box::pin(std::future::pending())
    }
    fn find(&self, _: RunId) -> JournalFuture<'_, Option<StoredRun>> {
        Box::pin(std::future::pending())
    }
    fn delete_ended(&self, _: SystemTime) -> JournalFuture<'_, u64> {
        Box::pin(std::future::pending())
    }
}
