//! Calls to the outside, recorded once and played from then on.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::expect::diff;
use super::tape::{self, Entry};
use crate::step::Step;

/// What steps gave, kept in a JSON file: recorded when the file is not there yet, and played from then on, so that a test needs no network,
/// no key and no model. Give it to [`Builder::cassette`](crate::Builder::cassette) with each step that it is to hold. Needs the feature
/// `cassettes`.
///
/// An output is found by the path of the step and by its inputs. If a step is called with other inputs than were recorded, or more often,
/// it fails and says what changed; nothing is called. Only values are recorded: a step that fails while it is recorded leaves nothing.
///
/// The variable `FLOWC_CASSETTE` says what [`record_or_replay`](Self::record_or_replay) does: `record` records anew, `replay` never
/// records, as CI wants it.
///
/// ```
/// use flowc::testing::Cassette;
/// use flowc::{Engine, node, workflow};
///
/// #[node]
/// async fn search(word: &str) -> Result<Vec<String>, std::io::Error> {
///     Ok(vec![format!("a page about {word}")]) // asks a server
/// }
///
/// workflow! {
///     fn count(word: String) -> usize {
///         let found = search(&word);
///         found.len()
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let path = std::env::temp_dir().join(format!("flowc-cassette-{}.json", std::process::id()));
/// # let _ = std::fs::remove_file(&path);
/// for _ in 0..2 {
///     // The first time it asks the server, the second time it reads the file.
///     let cassette = Cassette::record_or_replay(&path)?.redact(|text| text.replace("my-key", "<key>"));
///     let engine = Engine::builder().resources(()).cassette(count::found, &cassette).build();
///     assert_eq!(engine.start(count("cats".to_owned())).await?, 1);
/// }
/// # std::fs::remove_file(&path)?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Cassette {
    redact: Arc<dyn Fn(&str) -> String + Send + Sync>,
    shared: Arc<Shared>,
}

struct Shared {
    path: PathBuf,
    records: bool,
    /// Each with whether it was played.
    entries: Mutex<Vec<(Entry, bool)>>,
}

impl Cassette {
    /// Plays the file, or records it if it is not there; `FLOWC_CASSETTE` can say otherwise.
    ///
    /// # Errors
    /// The file cannot be read, or is none of ours; it is not there and must not be recorded; or the variable says something else.
    pub fn record_or_replay(path: impl AsRef<Path>) -> io::Result<Self> {
        let path = path.as_ref();
        let wish = std::env::var_os("FLOWC_CASSETTE").unwrap_or_default();
        match wish.to_str() {
            Some("record") => Ok(Self::record(path)),
            Some("") if !path.exists() => Ok(Self::record(path)),
            Some("" | "replay") => Self::replay(path),
            _ => Err(io::Error::other("`FLOWC_CASSETTE` is neither `record` nor `replay`")),
        }
    }

    /// Records anew. The file is written, whole, after each call.
    pub fn record(path: impl AsRef<Path>) -> Self {
        Self::new(path.as_ref(), true, Vec::new())
    }

    /// Plays the file, and calls nothing.
    ///
    /// # Errors
    /// The file cannot be read, or is none of ours.
    pub fn replay(path: impl AsRef<Path>) -> io::Result<Self> {
        let path = path.as_ref();
        Ok(Self::new(path, false, tape::read(path)?))
    }

    fn new(path: &Path, records: bool, entries: Vec<Entry>) -> Self {
        let entries = Mutex::new(entries.into_iter().map(|entry| (entry, false)).collect());
        Self { redact: Arc::new(str::to_owned), shared: Arc::new(Shared { path: path.to_owned(), records, entries }) }
    }

    /// Changes every text before it is written: what must not stand in a file, such as a key, is replaced here. Inputs are compared as
    /// they are written, and a changed output is played as it was written.
    #[must_use]
    pub fn redact(self, change: impl Fn(&str) -> String + Send + Sync + 'static) -> Self {
        Self { redact: Arc::new(change), shared: self.shared }
    }

    /// The steps that were recorded and not played until now, one for each call: at the end of a test there should be none.
    pub fn unplayed(&self) -> Vec<String> {
        let entries = self.shared.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let left = entries.iter().filter(|(_, played)| !self.shared.records && !played);
        left.map(|(entry, _)| entry.step.clone()).collect()
    }

    fn written<T: Serialize>(&self, value: &T) -> Result<Value, String> {
        let mut value = serde_json::to_value(value).map_err(|error| format!("cannot be written as JSON: {error}"))?;
        tape::each_text(&mut value, &*self.redact);
        Ok(value)
    }

    /// The output of a step that was recorded, or `None` to record it.
    fn find(&self, step: &str, inputs: &Value) -> Result<Option<Value>, String> {
        if self.shared.records {
            return Ok(None);
        }
        let file = self.shared.path.display();
        let mut entries = self.shared.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let mut same = entries.iter_mut().filter(|(entry, _)| entry.step == step && entry.inputs == *inputs).peekable();
        let known = same.peek().is_some();
        if let Some((entry, played)) = same.find(|(_, played)| !played) {
            *played = true;
            return Ok(Some(entry.output.clone()));
        }
        if known {
            return Err(format!("`{step}` was called more often with these inputs than {file} has recorded"));
        }
        let closest = entries.iter().find(|(entry, played)| entry.step == step && !played);
        Err(match closest {
            None => format!("{file} has no call of `{step}`; record it anew with FLOWC_CASSETTE=record"),
            Some((entry, _)) => format!(
                "the inputs of `{step}` are not those in {file} (- recorded, + now); if that is meant, record it anew with \
                 FLOWC_CASSETTE=record\n{}",
                diff(&tape::pretty(&entry.inputs), &tape::pretty(inputs))
            ),
        })
    }

    fn add(&self, entry: Entry) -> Result<(), String> {
        let mut entries = self.shared.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.push((entry, true));
        let all = entries.iter().map(|(entry, _)| entry);
        let path = &self.shared.path;
        tape::write(path, all).map_err(|error| format!("{} cannot be written: {error}", path.display()))
    }
}

impl std::fmt::Debug for Cassette {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cassette").field("path", &self.shared.path).finish_non_exhaustive()
    }
}

/// What a cassette has to say about a call.
pub(crate) enum Played<T> {
    /// It has the output.
    Output(T),
    /// It records the output.
    Record(Record<T>),
    /// It has no such call.
    Refused(String),
}

/// Records the output of a call.
pub(crate) type Record<T> = Box<dyn FnOnce(&T) -> Result<(), String> + Send>;

/// A cassette for step `S`.
pub(crate) trait Player<S: Step>: Send + Sync {
    fn play(&self, step: &str, input: &S::Input<'_>) -> Played<S::Output>;
}

impl<S: Step> Player<S> for Cassette
where
    for<'x> S::Input<'x>: Serialize,
    S::Output: Serialize + DeserializeOwned,
{
    fn play(&self, step: &str, input: &S::Input<'_>) -> Played<S::Output> {
        let inputs = match self.written(input) {
            Ok(inputs) => inputs,
            Err(why) => return Played::Refused(format!("an input of `{step}` {why}")),
        };
        match self.find(step, &inputs) {
            Err(why) => Played::Refused(why),
            Ok(Some(output)) => match S::Output::deserialize(output) {
                Ok(output) => Played::Output(output),
                Err(error) => Played::Refused(format!("the recorded output of `{step}` cannot be read: {error}")),
            },
            Ok(None) => {
                let (cassette, step) = (self.clone(), step.to_owned());
                Played::Record(Box::new(move |output| {
                    let output = cassette.written(output).map_err(|why| format!("the output of `{step}` {why}"))?;
                    cassette.add(Entry { step, inputs, output })
                }))
            }
        }
    }
}
