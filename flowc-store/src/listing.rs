//! What a person asks of the runs in a file.

use std::time::SystemTime;

use diesel::prelude::*;
use diesel::sqlite::Sqlite;
use flowc::RunId;
use flowc::journal::{RunFilter, StoredRun, StoredState, Wait};

use crate::rows::{OPEN, millis, number, parsed, time};
use crate::schema::{entries, graphs, runs, waits};

type Row = (String, String, Option<String>, Option<String>, String, String, Option<String>, Option<i64>);

/// A step waits as long as it is not done.
macro_rules! undone {
    () => {
        diesel::dsl::not(diesel::dsl::exists(
            entries::table.filter(entries::run.eq(waits::run)).filter(entries::key.eq(waits::key)),
        ))
    };
}

pub(crate) fn runs(db: &mut SqliteConnection, filter: &RunFilter) -> QueryResult<Vec<StoredRun>> {
    let mut query = runs::table.into_boxed::<Sqlite>().order(runs::id.desc()).limit(i64::from(filter.limit));
    if let Some(workflow) = &filter.workflow {
        query = query.filter(runs::workflow.eq(workflow));
    }
    if let Some(state) = filter.state {
        query = query.filter(runs::state.eq(state.as_str()));
    }
    if let Some(id) = &filter.correlation_id {
        query = query.filter(runs::correlation_id.eq(id));
    }
    if let Some(before) = filter.before {
        query = query.filter(runs::id.lt(before.to_string()));
    }
    if let Some(signal) = &filter.signal {
        let waiting = waits::table.filter(waits::run.eq(runs::id)).filter(waits::signal.eq(signal)).filter(undone!());
        query = query.filter(runs::state.eq(OPEN)).filter(diesel::dsl::exists(waiting));
    }
    let rows: Vec<Row> = query.select(columns()).load(db)?;
    rows.into_iter().map(|row| stored(db, row)).collect()
}

pub(crate) fn find(db: &mut SqliteConnection, run: RunId) -> QueryResult<Option<StoredRun>> {
    let row = runs::table.filter(runs::id.eq(run.to_string())).select(columns()).first::<Row>(db).optional()?;
    row.map(|row| stored(db, row)).transpose()
}

#[allow(clippy::type_complexity, reason = "a list of columns")]
fn columns() -> (
    runs::id,
    runs::workflow,
    runs::correlation_id,
    runs::start_key,
    runs::inputs,
    runs::state,
    runs::outcome,
    runs::ended,
) {
    (
        runs::id,
        runs::workflow,
        runs::correlation_id,
        runs::start_key,
        runs::inputs,
        runs::state,
        runs::outcome,
        runs::ended,
    )
}

fn stored(db: &mut SqliteConnection, row: Row) -> QueryResult<StoredRun> {
    let (id, workflow, correlation_id, start_key, inputs, state, outcome, ended) = row;
    let state = match state.as_str() {
        OPEN => StoredState::Open,
        "finished" => StoredState::Finished,
        "failed" => StoredState::Failed,
        _ => StoredState::Cancelled,
    };
    let waiting = if state == StoredState::Open { waiting(db, &id)? } else { Vec::new() };
    let (id, ended) = (parsed(&id)?, ended.map(time));
    Ok(StoredRun { id, workflow, correlation_id, start_key, inputs, state, outcome, ended, waiting })
}

fn waiting(db: &mut SqliteConnection, run: &str) -> QueryResult<Vec<Wait>> {
    let rows: Vec<(String, String, Option<String>, Option<i64>)> = waits::table
        .filter(waits::run.eq(run))
        .filter(undone!())
        .order(waits::step)
        .select((waits::key, waits::step, waits::signal, waits::until))
        .load(db)?;
    let wait = |(key, step, signal, until): (String, _, _, Option<i64>)| {
        Ok(Wait { key: number(&key)?, step, signal, until: until.map(time) })
    };
    rows.into_iter().map(wait).collect()
}

/// What belongs to a run goes with it.
pub(crate) fn delete_ended(db: &mut SqliteConnection, before: SystemTime) -> QueryResult<u64> {
    let deleted = diesel::delete(runs::table.filter(runs::ended.lt(millis(before)))).execute(db)?;
    let used = diesel::dsl::exists(runs::table.filter(runs::graph.eq(graphs::id)));
    diesel::delete(graphs::table.filter(diesel::dsl::not(used))).execute(db)?;
    Ok(u64::try_from(deleted).unwrap_or(u64::MAX))
}
