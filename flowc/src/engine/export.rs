//! A run as a text that another journal can take.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use super::DurableEngine;
use crate::error::AnyError;
use crate::id::RunId;
use crate::journal::{Begun, Entry, Outcome, RunRecord, Signal, StoredState, Wait};

/// The only format there is yet.
const FORMAT: u32 = 1;

/// A run with all that is stored of it. Keys are hexadecimal and times milliseconds since 1970, as JSON's numbers are too small for keys.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Exported {
    format: u32,
    run: RunId,
    workflow: String,
    graph: String,
    inputs: String,
    correlation_id: Option<String>,
    start_key: Option<String>,
    state: String,
    outcome: Option<String>,
    entries: Vec<Done>,
    waits: Vec<Waits>,
    signals: Vec<Sent>,
}

#[derive(Serialize, Deserialize)]
struct Done {
    key: String,
    step: String,
    failed: bool,
    value: String,
    signal: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct Waits {
    key: String,
    step: String,
    signal: Option<String>,
    until: Option<u64>,
}

#[derive(Serialize, Deserialize)]
struct Sent {
    key: String,
    name: String,
    value: String,
    at: u64,
}

impl<R: Send + Sync + 'static> DurableEngine<R> {
    /// A run with all that is stored of it, as JSON for [`import`](Self::import) into another journal; `None` if there is no such run. One that is
    /// running goes on meanwhile: what is stored after this is not in it.
    ///
    /// # Errors
    /// The journal failed.
    pub async fn export(&self, run: RunId) -> Result<Option<String>, AnyError> {
        let Some(found) = self.journal.find(run).await? else { return Ok(None) };
        let history = self.journal.history(run).await?;
        let entries = history.entries.into_iter().map(|Entry { key, step, failed, value, signal }| Done {
            key: hex(key),
            step,
            failed,
            value,
            signal,
        });
        let waits = history.waits.into_iter().map(|Wait { key, step, signal, until }| Waits {
            key: hex(key),
            step,
            signal,
            until: until.map(millis),
        });
        let signals = history.signals.into_iter().map(|Signal { key, name, value, sent }| Sent {
            key,
            name,
            value,
            at: millis(sent),
        });
        let exported = Exported {
            format: FORMAT,
            run,
            workflow: found.workflow,
            graph: found.graph,
            inputs: found.inputs,
            correlation_id: found.correlation_id,
            start_key: found.start_key,
            state: found.state.as_str().to_owned(),
            outcome: found.outcome,
            entries: entries.collect(),
            waits: waits.collect(),
            signals: signals.collect(),
        };
        serde_json::to_string(&exported).map(Some).map_err(AnyError::new)
    }

    /// Stores a run that another journal [exported](Self::export), under its id. An open one goes on when it is [resumed](Self::resume) here: see to it
    /// that it does not go on in the other journal as well.
    ///
    /// Nothing is stored where the text is not what `export` gives. If the journal fails on the way, what is stored of an open run by then is
    /// part of it, and the run does the rest once more.
    ///
    /// # Errors
    /// The text is no exported run, the run or its start key is there already, or the journal failed.
    pub async fn import(&self, exported: &str) -> Result<RunId, ImportError> {
        let run: Exported =
            serde_json::from_str(exported).map_err(|error| ImportError::Unreadable(error.to_string()))?;
        if run.format != FORMAT {
            let why = format!("it has the format {}, and this version reads {FORMAT}", run.format);
            return Err(ImportError::Unreadable(why));
        }
        let outcome = outcome(&run)?;
        let (entries, waits) = (run.entries.into_iter().map(entry), run.waits.into_iter().map(wait));
        let (entries, waits) = (entries.collect::<Result<Vec<_>, _>>()?, waits.collect::<Result<Vec<_>, _>>()?);
        let id = run.run;
        if self.journal.find(id).await.map_err(ImportError::Journal)?.is_some() {
            return Err(ImportError::Known { run: id });
        }
        let record = RunRecord {
            id,
            workflow: run.workflow,
            graph: run.graph,
            inputs: run.inputs,
            correlation_id: run.correlation_id,
            start_key: run.start_key,
        };
        if let Begun::Known(run) = self.journal.begin(record).await.map_err(ImportError::Journal)? {
            return Err(ImportError::Known { run });
        }
        for Sent { key, name, value, at } in run.signals {
            let signal = Signal { key, name, value, sent: time(at) };
            self.journal.signal(id, signal).await.map_err(ImportError::Journal)?;
        }
        for wait in waits {
            self.journal.wait(id, wait).await.map_err(ImportError::Journal)?;
        }
        for entry in entries {
            self.journal.append(id, entry).await.map_err(ImportError::Journal)?;
        }
        if let Some(outcome) = outcome {
            self.journal.end(id, outcome).await.map_err(ImportError::Journal)?;
        }
        Ok(id)
    }
}

fn outcome(run: &Exported) -> Result<Option<Outcome>, ImportError> {
    let text = || run.outcome.clone().unwrap_or_default();
    let known = [
        (StoredState::Open, None),
        (StoredState::Finished, Some(Outcome::Finished(text()))),
        (StoredState::Failed, Some(Outcome::Failed(text()))),
        (StoredState::Cancelled, Some(Outcome::Cancelled)),
    ];
    let found = known.into_iter().find(|(state, _)| state.as_str() == run.state);
    let unknown = || ImportError::Unreadable(format!("nobody knows the state `{}`", run.state));
    found.map(|(_, outcome)| outcome).ok_or_else(unknown)
}

fn entry(Done { key, step, failed, value, signal }: Done) -> Result<Entry, ImportError> {
    Ok(Entry { key: number(&key)?, step, failed, value, signal })
}

fn wait(Waits { key, step, signal, until }: Waits) -> Result<Wait, ImportError> {
    Ok(Wait { key: number(&key)?, step, signal, until: until.map(time) })
}

fn hex(key: u128) -> String {
    format!("{key:032x}")
}

fn number(key: &str) -> Result<u128, ImportError> {
    u128::from_str_radix(key, 16).map_err(|_| ImportError::Unreadable(format!("`{key}` is no key of a step")))
}

fn millis(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).map_or(0, |since| u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}

fn time(millis: u64) -> SystemTime {
    UNIX_EPOCH.checked_add(Duration::from_millis(millis)).unwrap_or(UNIX_EPOCH)
}

/// Why a run was not imported.
#[derive(Debug)]
#[non_exhaustive]
pub enum ImportError {
    /// The text is no exported run.
    Unreadable(String),
    /// The run, or one with its start key, is in the journal already.
    Known {
        /// The run that is there.
        run: RunId,
    },
    /// The journal failed.
    Journal(AnyError),
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(why) => write!(f, "the text is no exported run: {why}"),
            Self::Known { run } => write!(f, "run {run} is in the journal already, or has the start key"),
            Self::Journal(error) => write!(f, "the journal failed: {error}"),
        }
    }
}

impl std::error::Error for ImportError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Journal(error) => Some(error),
            _ => None,
        }
    }
}
