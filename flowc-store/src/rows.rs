//! What is written and read, on the thread of the writer.

use diesel::prelude::*;
use diesel::result::Error;
use flowc::RunId;
use flowc::journal::{Entry, Outcome, RunRecord};

use crate::schema::{entries, graphs, runs};
use crate::writer::Change;

const OPEN: &str = "open";

pub(crate) fn apply(db: &mut SqliteConnection, change: &Change) -> QueryResult<()> {
    match change {
        Change::Begin(run) => begin(db, run),
        Change::Append(run, entry) => append(db, *run, entry),
        Change::End(run, outcome) => end(db, *run, outcome),
    }
}

fn begin(db: &mut SqliteConnection, run: &RunRecord) -> QueryResult<()> {
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
        ))
        .execute(db)
        .map(drop)
}

fn append(db: &mut SqliteConnection, run: RunId, entry: &Entry) -> QueryResult<()> {
    diesel::insert_into(entries::table)
        .values((
            entries::run.eq(run.to_string()),
            entries::key.eq(format!("{:032x}", entry.key)),
            entries::step.eq(&entry.step),
            entries::failed.eq(entry.failed),
            entries::value.eq(&entry.value),
        ))
        .execute(db)
        .map(drop)
}

fn end(db: &mut SqliteConnection, run: RunId, outcome: &Outcome) -> QueryResult<()> {
    let (state, text) = match outcome {
        Outcome::Finished(output) => ("finished", Some(output)),
        Outcome::Failed(failure) => ("failed", Some(failure)),
        _ => ("cancelled", None),
    };
    let open = runs::table.filter(runs::id.eq(run.to_string())).filter(runs::state.eq(OPEN));
    match diesel::update(open).set((runs::state.eq(state), runs::outcome.eq(text))).execute(db)? {
        1 => Ok(()),
        _ => Err(Error::NotFound),
    }
}

pub(crate) fn open_runs(db: &mut SqliteConnection) -> QueryResult<Vec<RunRecord>> {
    // Ids sort by the time of their start.
    let rows: Vec<(String, String, String, String, Option<String>)> = runs::table
        .inner_join(graphs::table)
        .filter(runs::state.eq(OPEN))
        .order(runs::id)
        .select((runs::id, runs::workflow, graphs::text, runs::inputs, runs::correlation_id))
        .load(db)?;
    let record = |(id, workflow, graph, inputs, correlation_id): (String, _, _, _, _)| {
        let id = id.parse().map_err(|error| Error::DeserializationError(Box::new(error)))?;
        Ok(RunRecord { id, workflow, graph, inputs, correlation_id })
    };
    rows.into_iter().map(record).collect()
}

pub(crate) fn entries(db: &mut SqliteConnection, run: RunId) -> QueryResult<Vec<Entry>> {
    let rows: Vec<(String, String, bool, String)> = entries::table
        .filter(entries::run.eq(run.to_string()))
        .order(entries::id)
        .select((entries::key, entries::step, entries::failed, entries::value))
        .load(db)?;
    let entry = |(key, step, failed, value): (String, _, _, _)| {
        let key = u128::from_str_radix(&key, 16).map_err(|error| Error::DeserializationError(Box::new(error)))?;
        Ok(Entry { key, step, failed, value })
    };
    rows.into_iter().map(entry).collect()
}
