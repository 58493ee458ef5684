//! What is written and read. This module is compiled once for each database: `Db` is its connection.

mod listing;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use diesel::prelude::*;
use diesel::result::Error;
use flowc::RunId;
use flowc::journal::{Begun, Cancelled, Claim, Entry, History, Outcome, Posted, RunRecord, Signal, Wait};

use super::Db;
use crate::request::{Change, Query, Reply};
use crate::schema::{entries, graphs, runs, signals, waits};

pub(super) const OPEN: &str = "open";
pub(super) const CANCELLED: &str = "cancelled";

pub(super) fn change(db: &mut Db, change: &Change) -> QueryResult<Reply> {
    match change {
        Change::Begin(run) => begin(db, run).map(Reply::Begun),
        Change::Append(run, entry) => append(db, *run, entry).map(|()| Reply::Done),
        Change::Wait(run, wait) => begin_to_wait(db, *run, wait).map(|()| Reply::Done),
        Change::Signal(run, signal) => post(db, *run, signal).map(Reply::Posted),
        Change::End(run, outcome) => end(db, *run, outcome).map(|()| Reply::Done),
        Change::Cancel(run) => cancel(db, *run).map(Reply::Cancelled),
        Change::Claim(workflow, Claim::Open) => open_runs(db, Some(workflow)).map(Reply::Records),
        // Who has the database alone has all runs.
        Change::Claim(..) => Ok(Reply::Records(Vec::new())),
        Change::DeleteEnded(before) => listing::delete_ended(db, *before).map(Reply::Deleted),
    }
}

pub(super) fn query(db: &mut Db, query: &Query) -> QueryResult<Reply> {
    match query {
        Query::OpenRuns => open_runs(db, None).map(Reply::Records),
        Query::History(run) => history(db, *run).map(Reply::History),
        Query::Runs(filter) => listing::runs(db, filter).map(Reply::Runs),
        Query::Find(run) => listing::find(db, *run).map(Reply::Run),
    }
}

/// The number of a graph.
pub(super) fn graph(db: &mut Db, text: &str) -> QueryResult<Option<i64>> {
    graphs::table.filter(graphs::text.eq(text)).select(graphs::id).first(db).optional()
}

fn begin(db: &mut Db, run: &RunRecord) -> QueryResult<Begun> {
    if let Some(key) = &run.start_key {
        let known = runs::table.filter(runs::start_key.eq(key)).select(runs::id);
        if let Some(id) = known.first::<String>(db).optional()? {
            let id = parsed(&id)?;
            return Ok(if id == run.id { Begun::Stored } else { Begun::Known(id) });
        }
    }
    // Each graph is stored once, however many runs it has.
    let graph = match graph(db, &run.graph)? {
        Some(graph) => graph,
        None => {
            let text = diesel::insert_into(graphs::table).values(graphs::text.eq(&run.graph));
            text.on_conflict_do_nothing().execute(db)?;
            graph(db, &run.graph)?.ok_or(Error::NotFound)?
        }
    };
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
        // It is there if it was stored before a connection broke, and nobody heard of that.
        .on_conflict(runs::id)
        .do_nothing()
        .execute(db)
        .map(|_| Begun::Stored)
}

fn append(db: &mut Db, run: RunId, entry: &Entry) -> QueryResult<()> {
    diesel::insert_into(entries::table)
        .values((
            entries::run.eq(run.to_string()),
            entries::key.eq(hex(entry.key)),
            entries::step.eq(&entry.step),
            entries::failed.eq(entry.failed),
            entries::value.eq(&entry.value),
            entries::signal.eq(&entry.signal),
            entries::stored.eq(millis(SystemTime::now())),
        ))
        // As where a run begins.
        .on_conflict((entries::run, entries::key))
        .do_nothing()
        .execute(db)
        .map(drop)
}

fn begin_to_wait(db: &mut Db, run: RunId, wait: &Wait) -> QueryResult<()> {
    // What was stored first holds.
    diesel::insert_into(waits::table)
        .values((
            waits::run.eq(run.to_string()),
            waits::key.eq(hex(wait.key)),
            waits::step.eq(&wait.step),
            waits::signal.eq(&wait.signal),
            waits::until.eq(wait.until.map(millis)),
        ))
        .on_conflict_do_nothing()
        .execute(db)
        .map(drop)
}

pub(super) fn post(db: &mut Db, run: RunId, signal: &Signal) -> QueryResult<Posted> {
    let found = runs::table.filter(runs::id.eq(run.to_string())).select(runs::state);
    let known = signals::table.filter(signals::run.eq(run.to_string())).filter(signals::key.eq(&signal.key));
    let known = known.select((signals::name, signals::value, signals::sent));
    let Some(state) = found.first::<String>(db).optional()? else { return Ok(Posted::Unknown) };
    // Who sends a signal again that came in time need not be told that the run is over.
    if let Some((name, value, sent)) = known.first::<(String, String, i64)>(db).optional()? {
        // It is the very one if it was stored before a connection broke, and nobody heard of that.
        let is_same = name == signal.name && value == signal.value && sent == millis(signal.sent);
        return Ok(if is_same { Posted::Stored } else { Posted::Duplicate });
    }
    if state != OPEN {
        return Ok(Posted::Over);
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

/// An outcome as a state and a text.
pub(super) fn outcome(outcome: &Outcome) -> (&'static str, Option<&String>) {
    match outcome {
        Outcome::Finished(output) => ("finished", Some(output)),
        Outcome::Failed(failure) => ("failed", Some(failure)),
        _ => (CANCELLED, None),
    }
}

fn end(db: &mut Db, run: RunId, outcome: &Outcome) -> QueryResult<()> {
    let (state, text) = self::outcome(outcome);
    let this = || runs::table.filter(runs::id.eq(run.to_string()));
    let ended = diesel::update(this().filter(runs::state.eq(OPEN)))
        .set((runs::state.eq(state), runs::outcome.eq(text), runs::ended.eq(millis(SystemTime::now()))))
        .execute(db)?;
    // It may have been stored before a connection broke, and nobody heard of that.
    if ended == 1 || this().filter(runs::state.eq(state)).count().get_result::<i64>(db)? == 1 {
        return Ok(());
    }
    Err(Error::NotFound)
}

/// Ends a run that runs nowhere.
pub(super) fn cancel(db: &mut Db, run: RunId) -> QueryResult<Cancelled> {
    let this = || runs::table.filter(runs::id.eq(run.to_string()));
    let ended = diesel::update(this().filter(runs::state.eq(OPEN)))
        .set((runs::state.eq(CANCELLED), runs::ended.eq(millis(SystemTime::now()))))
        .execute(db)?;
    Ok(match ended {
        0 if this().count().get_result::<i64>(db)? == 0 => Cancelled::Unknown,
        0 => Cancelled::Over,
        _ => Cancelled::Done,
    })
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = runs)]
struct Begins {
    id: String,
    workflow: String,
    inputs: String,
    correlation_id: Option<String>,
    start_key: Option<String>,
}

/// The open runs of a workflow, or of all.
pub(super) fn open_runs(db: &mut Db, workflow: Option<&str>) -> QueryResult<Vec<RunRecord>> {
    // Ids sort by the time of their start.
    let mut query = runs::table.inner_join(graphs::table).filter(runs::state.eq(OPEN)).order(runs::id).into_boxed();
    if let Some(workflow) = workflow {
        query = query.filter(runs::workflow.eq(workflow));
    }
    let rows: Vec<(Begins, String)> = query.select((Begins::as_select(), graphs::text)).load(db)?;
    rows.into_iter().map(|(run, graph)| record(run, graph)).collect()
}

/// How these open runs began.
#[allow(dead_code, reason = "nobody needs it of a file")]
pub(super) fn records(db: &mut Db, ids: &[String]) -> QueryResult<Vec<RunRecord>> {
    let mut records = Vec::new();
    // A statement takes only so many values.
    for ids in ids.chunks(500) {
        let query = runs::table.inner_join(graphs::table).filter(runs::id.eq_any(ids)).order(runs::id);
        let rows: Vec<(Begins, String)> = query.select((Begins::as_select(), graphs::text)).load(db)?;
        for (run, graph) in rows {
            records.push(record(run, graph)?);
        }
    }
    Ok(records)
}

fn record(run: Begins, graph: String) -> QueryResult<RunRecord> {
    let Begins { id, workflow, inputs, correlation_id, start_key } = run;
    Ok(RunRecord { id: parsed(&id)?, workflow, graph, inputs, correlation_id, start_key })
}

pub(super) fn history(db: &mut Db, run: RunId) -> QueryResult<History> {
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
    let rows: Vec<WaitRow> = waits::table.filter(waits::run.eq(&run)).select(WaitRow::as_select()).load(db)?;
    let waits = rows.into_iter().map(|row| row.wait().map(|(_, wait)| wait)).collect::<QueryResult<_>>()?;
    Ok(History { entries, waits, signals: signals_of(db, &run)? })
}

/// The signals for a run, the oldest first.
pub(super) fn signals_of(db: &mut Db, run: &str) -> QueryResult<Vec<Signal>> {
    let rows: Vec<(String, String, String, i64)> = signals::table
        .filter(signals::run.eq(run))
        .order(signals::id)
        .select((signals::key, signals::name, signals::value, signals::sent))
        .load(db)?;
    Ok(rows.into_iter().map(|(key, name, value, sent)| Signal { key, name, value, sent: time(sent) }).collect())
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = waits)]
struct WaitRow {
    run: String,
    key: String,
    step: String,
    signal: Option<String>,
    until: Option<i64>,
}

impl WaitRow {
    /// The wait, and the run that it is of.
    fn wait(self) -> QueryResult<(String, Wait)> {
        let Self { run, key, step, signal, until } = self;
        Ok((run, Wait { key: number(&key)?, step, signal, until: until.map(time) }))
    }
}

pub(super) fn parsed(id: &str) -> QueryResult<RunId> {
    id.parse().map_err(|error| Error::DeserializationError(Box::new(error)))
}

pub(super) fn hex(key: u128) -> String {
    format!("{key:032x}")
}

pub(super) fn number(key: &str) -> QueryResult<u128> {
    u128::from_str_radix(key, 16).map_err(|error| Error::DeserializationError(Box::new(error)))
}

/// Milliseconds since 1970. What is out of range is very far away.
pub(super) fn millis(time: SystemTime) -> i64 {
    let since = time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
    i64::try_from(since).unwrap_or(i64::MAX)
}

pub(super) fn time(millis: i64) -> SystemTime {
    let since = Duration::from_millis(u64::try_from(millis).unwrap_or(0));
    UNIX_EPOCH.checked_add(since).unwrap_or(UNIX_EPOCH)
}
