//! What a person asks of the runs in a file.

use std::collections::HashMap;
use std::time::SystemTime;

use diesel::prelude::*;
use diesel::sql_types::{Integer, Nullable, Text};
use flowc::RunId;
use flowc::journal::{RunFilter, StoredRun, StoredState, Wait};

use super::{Db, OPEN, WaitRow, millis, parsed, time};
use crate::schema::{entries, graphs, runs, waits};

#[derive(Queryable, Selectable)]
#[diesel(table_name = runs)]
struct Row {
    id: String,
    workflow: String,
    graph: i64,
    correlation_id: Option<String>,
    start_key: Option<String>,
    inputs: String,
    state: String,
    outcome: Option<String>,
    ended: Option<i64>,
}

#[diesel::declare_sql_function]
extern "SQL" {
    /// So many characters from this one on, the first of which is 1.
    fn substr(text: Nullable<Text>, from: Integer, count: Integer) -> Nullable<Text>;
}

/// A step waits as long as it is not done.
macro_rules! undone {
    () => {
        diesel::dsl::not(diesel::dsl::exists(
            entries::table.filter(entries::run.eq(waits::run)).filter(entries::key.eq(waits::key)),
        ))
    };
}

pub(super) fn runs(db: &mut Db, filter: &RunFilter) -> QueryResult<Vec<StoredRun>> {
    let mut query = runs::table.into_boxed().order(runs::id.desc()).limit(i64::from(filter.limit));
    if let Some(workflow) = &filter.workflow {
        query = query.filter(runs::workflow.eq(workflow));
    }
    if let Some(state) = filter.state {
        query = query.filter(runs::state.eq(state.as_str()));
    }
    if let Some(id) = &filter.correlation_id {
        query = query.filter(runs::correlation_id.eq(id));
    }
    if let Some(prefix) = &filter.start_key_prefix {
        // `LIKE` of SQLite takes letters as the same in both cases, and has signs of its own.
        let length = i32::try_from(prefix.chars().count()).unwrap_or(i32::MAX);
        query = query.filter(substr(runs::start_key, 1, length).eq(prefix));
    }
    if let Some(before) = filter.before {
        query = query.filter(runs::id.lt(before.to_string()));
    }
    if let Some(signal) = &filter.signal {
        let waiting = waits::table.filter(waits::run.eq(runs::id)).filter(waits::signal.eq(signal)).filter(undone!());
        query = query.filter(runs::state.eq(OPEN)).filter(diesel::dsl::exists(waiting));
    }
    let rows: Vec<Row> = query.select(Row::as_select()).load(db)?;
    stored(db, rows)
}

pub(super) fn find(db: &mut Db, run: RunId) -> QueryResult<Option<StoredRun>> {
    let row = runs::table.filter(runs::id.eq(run.to_string())).select(Row::as_select()).first(db).optional()?;
    Ok(stored(db, row.into_iter().collect())?.pop())
}

fn stored(db: &mut Db, rows: Vec<Row>) -> QueryResult<Vec<StoredRun>> {
    let open: Vec<&str> = rows.iter().filter(|row| row.state == OPEN).map(|row| &*row.id).collect();
    let (mut waiting, graphs) = (waiting(db, &open)?, texts(db, &rows)?);
    let stored = |row: Row| {
        let Row { id, workflow, graph, correlation_id, start_key, inputs, state, outcome, ended } = row;
        let state = match state.as_str() {
            OPEN => StoredState::Open,
            "finished" => StoredState::Finished,
            "failed" => StoredState::Failed,
            _ => StoredState::Cancelled,
        };
        let waiting = waiting.remove(&id).unwrap_or_default();
        let (id, ended) = (parsed(&id)?, ended.map(time));
        let graph = graphs.get(&graph).cloned().unwrap_or_default();
        Ok(StoredRun { id, workflow, graph, correlation_id, start_key, inputs, state, outcome, ended, waiting })
    };
    rows.into_iter().map(stored).collect()
}

/// The graphs of these runs.
fn texts(db: &mut Db, rows: &[Row]) -> QueryResult<HashMap<i64, String>> {
    let mut wanted: Vec<i64> = rows.iter().map(|row| row.graph).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let mut texts = HashMap::new();
    for wanted in wanted.chunks(500) {
        texts.extend(graphs::table.filter(graphs::id.eq_any(wanted)).load::<(i64, String)>(db)?);
    }
    Ok(texts)
}

/// What the steps of these runs wait for.
fn waiting(db: &mut Db, open: &[&str]) -> QueryResult<HashMap<String, Vec<Wait>>> {
    let mut waiting: HashMap<_, Vec<_>> = HashMap::new();
    // A statement takes only so many values.
    for open in open.chunks(500) {
        let rows: Vec<WaitRow> = waits::table
            .filter(waits::run.eq_any(open))
            .filter(undone!())
            .order(waits::step)
            .select(WaitRow::as_select())
            .load(db)?;
        for row in rows {
            let (run, wait) = row.wait()?;
            waiting.entry(run).or_default().push(wait);
        }
    }
    Ok(waiting)
}

/// What belongs to a run goes with it.
pub(super) fn delete_ended(db: &mut Db, before: SystemTime) -> QueryResult<u64> {
    let deleted = diesel::delete(runs::table.filter(runs::ended.lt(millis(before)))).execute(db)?;
    let used = diesel::dsl::exists(runs::table.filter(runs::graph.eq(graphs::id)));
    diesel::delete(graphs::table.filter(diesel::dsl::not(used))).execute(db)?;
    Ok(u64::try_from(deleted).unwrap_or(u64::MAX))
}
