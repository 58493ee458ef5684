//! The steps of all runs on the terminal, while they run.

mod lines;
mod live;
mod tree;
mod words;

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, IsTerminal, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use self::live::Live;
use self::tree::Tree;
use super::{Collector, Observation, RunInfo};
use crate::id::RunId;
use crate::paint::Paint;

/// A collector that shows the steps of all runs on standard error; [`Builder::progress`](crate::Builder::progress) installs it.
///
/// On a terminal it is a live tree: each step with what it is at, how long it takes, how many items of a map are done, how often it
/// was retried, and a bar where the node tells its [progress](crate::Context::progress). What is over stays as a summary.
/// Elsewhere it is one plain line for each step that is over. Colours are left out where the variable `NO_COLOR` says so.
///
/// A collector is told of things in the task of the run, so nothing is drawn there, except when a run is over: a thread of its own
/// draws the tree, some times a second.
pub struct Progress(Shown);

enum Shown {
    Live(Live),
    Lines { to: Mutex<Box<dyn Write + Send>>, forest: Shared },
}

/// The trees of the runs that are running, in the order of their start.
type Forest = BTreeMap<RunId, Tree>;

/// The trees, shared with the thread that draws them.
type Shared = Arc<Mutex<Forest>>;

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Progress {
    /// On standard error: live where that is a terminal, as lines elsewhere.
    pub fn new() -> Self {
        let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        if io::stderr().is_terminal() && !is_dumb {
            let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
            return Self(Shown::Live(Live::new(Paint(!refused))));
        }
        Self::lines(io::stderr())
    }

    /// One plain line for each step that is over, written elsewhere.
    pub fn lines(to: impl Write + Send + 'static) -> Self {
        Self(Shown::Lines { to: Mutex::new(Box::new(to)), forest: Shared::default() })
    }
}

impl Default for Progress {
    fn default() -> Self {
        Self::new()
    }
}

impl Collector for Progress {
    fn on_event(&self, run: &RunInfo<'_>, event: &Observation<'_>) {
        let forest = match &self.0 {
            Shown::Live(live) => live.forest(),
            Shown::Lines { forest, .. } => forest,
        };
        let mut trees = lock(forest);
        let tree = trees.entry(run.id).or_insert_with(|| Tree::new(run));
        tree.read(event);
        let over = if event.kind.is_last() { trees.remove(&run.id) } else { None };
        match (&self.0, over) {
            (Shown::Live(live), over) => {
                drop(trees);
                live.show(over.as_ref());
            }
            (Shown::Lines { to, .. }, over) => {
                let several = trees.len() > 1 || (over.is_some() && !trees.is_empty());
                let tree = over.as_ref().or_else(|| trees.get(&run.id));
                let text = tree.map(|tree| lines::of(event, tree, several)).unwrap_or_default();
                drop(trees);
                if !text.is_empty() {
                    // A run goes on though nobody sees how it does.
                    let _ = lock(to).write_all(text.as_bytes());
                }
            }
        }
    }
}

impl fmt::Debug for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Progress").finish_non_exhaustive()
    }
}
