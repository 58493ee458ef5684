//! What runs write all the time, as one statement: how they begin, what their steps gave, and how they end. It goes to the server and back
//! once, commits by itself, and does nothing if the owner is gone.

use std::collections::HashMap;
use std::time::SystemTime;

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt, Bool, Nullable, Text};
use flowc::journal::Begun;

use super::Db;
use super::queries;
use crate::request::{Change, Reply};

/// The numbers of the graphs that are known to be stored.
pub(super) type Graphs = HashMap<String, i64>;

/// The columns of all rows.
#[derive(Default)]
pub(super) struct Batch {
    owner: i64,
    now: i64,
    begun: Vec<String>,
    workflow: Vec<String>,
    graph: Vec<i64>,
    inputs: Vec<String>,
    correlation: Vec<Option<String>>,
    run: Vec<String>,
    key: Vec<String>,
    step: Vec<String>,
    failed: Vec<bool>,
    value: Vec<String>,
    signal: Vec<Option<String>>,
    ended: Vec<String>,
    state: Vec<String>,
    outcome: Vec<Option<String>>,
}

/// What became of a batch.
pub(super) enum Written {
    All(Vec<Reply>),
    /// The owner is gone, and nothing was written.
    OwnerGone,
    /// A run was not open that was to end: what else there is was written.
    NotAll,
}

impl Batch {
    /// The changes, if all of them are of the kinds that this is for.
    pub(super) fn of(owner: i64, changes: &[&Change], graphs: &Graphs) -> Option<Self> {
        let mut batch = Self { owner, now: queries::millis(SystemTime::now()), ..Self::default() };
        for change in changes {
            match change {
                Change::Begin(run) if run.start_key.is_none() => {
                    batch.graph.push(*graphs.get(&run.graph)?);
                    batch.begun.push(run.id.to_string());
                    batch.workflow.push(run.workflow.clone());
                    batch.inputs.push(run.inputs.clone());
                    batch.correlation.push(run.correlation_id.clone());
                }
                Change::Append(run, entry) => {
                    batch.run.push(run.to_string());
                    batch.key.push(queries::hex(entry.key));
                    batch.step.push(entry.step.clone());
                    batch.failed.push(entry.failed);
                    batch.value.push(entry.value.clone());
                    batch.signal.push(entry.signal.clone());
                }
                Change::End(run, outcome) => {
                    let (state, text) = queries::outcome(outcome);
                    batch.ended.push(run.to_string());
                    batch.state.push(state.to_owned());
                    batch.outcome.push(text.cloned());
                }
                _ => return None,
            }
        }
        Some(batch)
    }

    pub(super) fn write(&self, db: &mut Db, changes: &[&Change]) -> QueryResult<Written> {
        let (owners, ended): (i64, i64) = self.get_result(db)?;
        Ok(match (owners, usize::try_from(ended)) {
            (0, _) => Written::OwnerGone,
            (_, Ok(ended)) if ended == self.ended.len() => {
                Written::All(changes.iter().map(|change| reply(change)).collect())
            }
            _ => Written::NotAll,
        })
    }
}

fn reply(change: &Change) -> Reply {
    match change {
        Change::Begin(_) => Reply::Begun(Begun::Stored),
        _ => Reply::Done,
    }
}

impl Query for &Batch {
    type SqlType = (BigInt, BigInt);
}

impl QueryId for Batch {
    type QueryId = Self;
    // The text is always the same, so the server prepares it once.
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl RunQueryDsl<Db> for &Batch {}

impl QueryFragment<Pg> for Batch {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("WITH o AS MATERIALIZED (SELECT id FROM owners WHERE id = ");
        out.push_bind_param::<BigInt, _>(&self.owner)?;
        out.push_sql(" FOR SHARE), b AS (INSERT INTO runs (id, workflow, graph, inputs, correlation_id, state) SELECT u.*, 'open' FROM o, unnest(");
        out.push_bind_param::<Array<Text>, _>(&self.begun)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Text>, _>(&self.workflow)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<BigInt>, _>(&self.graph)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Text>, _>(&self.inputs)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<Text>>, _>(&self.correlation)?;
        out.push_sql(") u ON CONFLICT (id) DO NOTHING), c AS (INSERT INTO claims (run, owner, cancel) SELECT u.id, o.id, false FROM o, unnest(");
        out.push_bind_param::<Array<Text>, _>(&self.begun)?;
        out.push_sql(") u (id) ON CONFLICT DO NOTHING), e AS (INSERT INTO entries (run, key, step, failed, value, signal, stored) SELECT u.*, ");
        out.push_bind_param::<BigInt, _>(&self.now)?;
        out.push_sql(" FROM o, unnest(");
        out.push_bind_param::<Array<Text>, _>(&self.run)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Text>, _>(&self.key)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Text>, _>(&self.step)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Bool>, _>(&self.failed)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Text>, _>(&self.value)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<Text>>, _>(&self.signal)?;
        out.push_sql(") u ON CONFLICT (run, key) DO NOTHING), x AS (UPDATE runs SET state = u.state, outcome = u.outcome, ended = ");
        out.push_bind_param::<BigInt, _>(&self.now)?;
        out.push_sql(" FROM o, unnest(");
        out.push_bind_param::<Array<Text>, _>(&self.ended)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Text>, _>(&self.state)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<Text>>, _>(&self.outcome)?;
        out.push_sql(") u (id, state, outcome) WHERE runs.id = u.id AND runs.state = 'open' RETURNING runs.id), d AS (DELETE FROM claims USING o WHERE run = ANY(");
        out.push_bind_param::<Array<Text>, _>(&self.ended)?;
        out.push_sql(")) SELECT (SELECT count(*) FROM o), (SELECT count(*) FROM x)");
        Ok(())
    }
}
