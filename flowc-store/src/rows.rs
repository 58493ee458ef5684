//! What is written and read, on the thread of the writer.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use diesel::prelude::*;
use diesel::result::Error;
use flowc::RunId;
use flowc::journal::{Begun, Entry, History, Outcome, Posted, RunRecord, Signal, Wait};

use crate::listing::delete_ended;
use crate::schema::{entries, graphs, runs, signals, waits};
use crate::writer::{Applied, Change};

pub(crate) const OPEN: &str = "open";

pub(crate) fn apply(db: &mut SqliteConnection, change: &Change) -> QueryResult<Applied> {
    match change {
        Change::Begin(run) => begin(db, run).map(Applied::Begun),
        Change::Append(run, entry) => append(db, *run, entry).map(|()| Applied::Done),
        Change::Wait(run, wait) => begin_to_wait(db, *run, wait).map(|()| Applied::Done),
        Change::Signal(run, signal) => post(db, *run, signal).map(Applied::Posted),
        Change::End(run, outcome) => end(db, *run, outcome).map(|()| Applied::Done),
        Change::DeleteEnded(before) => delete_ended(db, *before).map(Applied::Deleted),
    }
}

fn begin(db: &mut SqliteConnection, run: &RunRecord) -> QueryResult<Begun> {
    if let Some(key) = &run.start_key {
        let known = runs::table.filter(runs::start_key.eq(key)).select(runs::id);
        if let Some(id) = known.first::<String>(db).optional()? {
            return Ok(Begun::Known(parsed(&id)?));
        }
    }
    // Each graph is stored once, however many runs it has.
    diesel::insert_or_ignore_into(graphs::table).values(graphs::text.eq(&run.graph)).execute(db)?;
    let graph: i64 = graphs::table.filter(graphs::text.eq(&run.graph)).select(graphs::id).first(db)?;
    diesel::insert_into(runs::table)
        .values((
            runs::id.eq(run.id.to_string()),
            runs::workflow.eq(&run.workflow),
            runs::graph.eq(graph),
            runs::inputs.eq(&run.inputs),
            runs::correlation_id.eq(&run.correlation_id),
            runs::state.eq(OPEN),
            runs::start_key.eq(&run.start_key),
        ))
        .execute(db)
        .map(|_| Begun::Stored)
}

fn append(db: &mut SqliteConnection, run: RunId, entry: &Entry) -> QueryResult<()> {
    diesel::insert_into(entries::table)
        .values((
            entries::run.eq(run.to_string()),
            entries::key.eq(format!("{:032x}", entry.key)),
            entries::step.eq(&entry.step),
            entries::failed.eq(entry.failed),
            entries::value.eq(&entry.value),
            entries::signal.eq(&entry.signal),
            entries::stored.eq(millis(SystemTime::now())),
        ))
        .execute(db)
        .map(drop)
}

fn begin_to_wait(db: &mut SqliteConnection, run: RunId, wait: &Wait) -> QueryResult<()> {
    // What was stored first holds.
    diesel::insert_or_ignore_into(waits::table)
        .values((
            waits::run.eq(run.to_string()),
            waits::key.eq(format!("{:032x}", wait.key)),
            waits::step.eq(&wait.step),
            waits::signal.eq(&wait.signal),
            waits::until.eq(wait.until.map(millis)),
        ))
        .execute(db)
        .map(drop)
}

fn post(db: &mut SqliteConnection, run: RunId, signal: &Signal) -> QueryResult<Posted> {
    let found = runs::table.filter(runs::id.eq(run.to_string())).select(runs::state);
    let known = signals::table.filter(signals::run.eq(run.to_string())).filter(signals::key.eq(&signal.key));
    match found.first::<String>(db).optional()?.as_deref() {
        None => return Ok(Posted::Unknown),
        // Who sends a signal again that came in time need not be told that the run is over.
        Some(_) if known.count().get_result::<i64>(db)? > 0 => return Ok(Posted::Duplicate),
        Some(OPEN) => {}
        Some(_) => return Ok(Posted::Over),
    }
    diesel::insert_into(signals::table)
        .values((
            signals::run.eq(run.to_string()),
            signals::key.eq(&signal.key),
            signals::name.eq(&signal.name),
            signals::value.eq(&signal.value),
            signals::sent.eq(millis(signal.sent)),
        ))
        .execute(db)
        .map(|_| Posted::Stored)
}

fn end(db: &mut SqliteConnection, run: RunId, outcome: &Outcome) -> QueryResult<()> {
    let (state, text) = match outcome {
        Outcome::Finished(output) => ("finished", Some(output)),
        Outcome::Failed(failure) => ("failed", Some(failure)),
        _ => ("cancelled", None),
    };
    let open = runs::table.filter(runs::id.eq(run.to_string())).filter(runs::state.eq(OPEN));
    match diesel::update(open)
        .set((runs::state.eq(state), runs::outcome.eq(text), runs::ended.eq(millis(SystemTime::now()))))
        .execute(db)?
    {
        1 => Ok(()),
        _ => Err(Error::NotFound),
    }
}

pub(crate) fn open_runs(db: &mut SqliteConnection) -> QueryResult<Vec<RunRecord>> {
    type Row = (String, String, String, String, Option<String>, Option<String>);
    // Ids sort by the time of their start.
    let rows: Vec<Row> = runs::table
        .inner_join(graphs::table)
        .filter(runs::state.eq(OPEN))
        .order(runs::id)
        .select((runs::id, runs::workflow, graphs::text, runs::inputs, runs::correlation_id, runs::start_key))
        .load(db)?;
    let record = |(id, workflow, graph, inputs, correlation_id, start_key): Row| {
        Ok(RunRecord { id: parsed(&id)?, workflow, graph, inputs, correlation_id, start_key })
    };
    rows.into_iter().map(record).collect()
}

pub(crate) fn history(db: &mut SqliteConnection, run: RunId) -> QueryResult<History> {
    let run = run.to_string();
    let rows: Vec<(String, String, bool, String, Option<String>)> = entries::table
        .filter(entries::run.eq(&run))
        .order(entries::id)
        .select((entries::key, entries::step, entries::failed, entries::value, entries::signal))
        .load(db)?;
    let entry = |(key, step, failed, value, signal): (String, _, _, _, _)| {
        Ok(Entry { key: number(&key)?, step, failed, value, signal })
    };
    let entries = rows.into_iter().map(entry).collect::<QueryResult<_>>()?;
    let rows: Vec<(String, String, Option<String>, Option<i64>)> = waits::table
        .filter(waits::run.eq(&run))
        .select((waits::key, waits::step, waits::signal, waits::until))
        .load(db)?;
    let wait = |(key, step, signal, until): (String, _, _, Option<i64>)| {
        Ok(Wait { key: number(&key)?, step, signal, until: until.map(time) })
    };
    let waits = rows.into_iter().map(wait).collect::<QueryResult<_>>()?;
    let rows: Vec<(String, String, String, i64)> = signals::table
        .filter(signals::run.eq(&run))
        .order(signals::id)
        .select((signals::key, signals::name, signals::value, signals::sent))
        .load(db)?;
    let signal = |(key, name, value, sent)| Signal { key, name, value, sent: time(sent) };
    Ok(History { entries, waits, signals: rows.into_iter().map(signal).collect() })
}

pub(crate) fn parsed(id: &str) -> QueryResult<RunId> {
    id.parse().map_err(|error| Error::DeserializationError(Box::new(error)))
}

pub(crate) fn number(key: &str) -> QueryResult<u128> {
    u128::from_str_radix(key, 16).map_err(|error| Error::DeserializationError(Box::new(error)))
}

/// Milliseconds since 1970. What is out of range is very far away.
pub(crate) fn millis(time: SystemTime) -> i64 {
    let since = time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
    i64::try_from(since).unwrap_or(i64::MAX)
}

pub(crate) fn time(millis: i64) -> SystemTime {
    let since = Duration::from_millis(u64::try_from(millis).unwrap_or(0));
    UNIX_EPOCH.checked_add(since).unwrap_or(UNIX_EPOCH)
}
