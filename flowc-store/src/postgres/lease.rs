//! Who has which runs.
//!
//! Each process that shares the database has a row in `owners` with a number of its own, and says every so often that it lives. A row whose
//! time is over may be deleted by anybody, and with it goes what says that the runs were its own. Whoever writes for the runs of an
//! owner locks its row in the same transaction, so after the row is deleted nothing is written for it any more, however late it comes.

use std::collections::BTreeMap;
use std::time::Duration;

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::result::Error;
use diesel::sql_types::{BigInt, Text};
use flowc::RunId;
use flowc::journal::{Begun, Cancelled, Claim, Posted, RunRecord, Signal};

use super::Db;
use super::queries::{self, OPEN};
use crate::request::{Change, Reply};
use crate::schema::{claims, graphs, notices, owners, runs};

/// Told to all when there may be open runs that nobody has.
pub(super) const LEFT: &str = "left";

/// The clock of the database, in milliseconds.
const NOW: &str = "(extract(epoch from clock_timestamp()) * 1000)::bigint";

/// It is over before the lease is, so that there is time to notice.
fn expires(lease: Duration) -> diesel::expression::SqlLiteral<BigInt> {
    let millis = lease.as_millis() * 3 / 4;
    sql::<BigInt>(&format!("{NOW} + {millis}"))
}

/// A new owner.
pub(super) fn enter(db: &mut Db, name: &str, lease: Duration) -> QueryResult<i64> {
    diesel::insert_into(owners::table)
        .values((owners::name.eq(name), owners::expires.eq(expires(lease))))
        .returning(owners::id)
        .get_result(db)
}

/// Whether the owner is still there.
pub(super) fn renew(db: &mut Db, owner: i64, lease: Duration) -> QueryResult<bool> {
    let this = owners::table.filter(owners::id.eq(owner));
    diesel::update(this).set(owners::expires.eq(expires(lease))).execute(db).map(|rows| rows > 0)
}

/// Gives up all runs of an owner, at once.
pub(super) fn leave(db: &mut Db, owner: i64) -> QueryResult<()> {
    db.transaction(|db| delete(db, &[owner]))
}

/// Deletes the owners whose time is over.
pub(super) fn reap(db: &mut Db, but: i64) -> QueryResult<()> {
    let over = || owners::table.filter(owners::expires.lt(sql::<BigInt>(NOW))).filter(owners::id.ne(but));
    let found: Vec<i64> = over().select(owners::id).load(db)?;
    if found.is_empty() {
        return Ok(());
    }
    db.transaction(|db| {
        // One that writes at this moment lives, and one that another process deletes is seen to.
        let over: Vec<i64> = over().select(owners::id).for_update().skip_locked().load(db)?;
        delete(db, &over)
    })
}

fn delete(db: &mut Db, gone: &[i64]) -> QueryResult<()> {
    let of_gone = claims::table.filter(claims::owner.eq_any(gone));
    let cancelled: Vec<String> = of_gone.filter(claims::cancel).select(claims::run).load(db)?;
    for run in cancelled {
        queries::cancel(db, queries::parsed(&run)?)?;
    }
    diesel::delete(notices::table.filter(notices::owner.eq_any(gone))).execute(db)?;
    if diesel::delete(owners::table.filter(owners::id.eq_any(gone))).execute(db)? > 0 {
        tell(db, LEFT)?;
    }
    Ok(())
}

fn tell(db: &mut Db, what: &str) -> QueryResult<()> {
    diesel::sql_query("SELECT pg_notify('flowc', $1)").bind::<Text, _>(what).execute(db).map(drop)
}

/// Writes for an owner with one commit; `None` if the owner is gone.
pub(super) fn guarded<T>(
    db: &mut Db,
    owner: i64,
    mut work: impl FnMut(&mut Db) -> QueryResult<T>,
) -> QueryResult<Option<T>> {
    db.transaction(|db| {
        let this = owners::table.filter(owners::id.eq(owner)).select(owners::id);
        match this.for_share().first::<i64>(db).optional()? {
            Some(_) => work(db).map(Some),
            None => Ok(None),
        }
    })
}

pub(super) fn change(db: &mut Db, owner: i64, change: &Change) -> QueryResult<Reply> {
    match change {
        Change::Begin(run) => {
            let reply = queries::change(db, change)?;
            if matches!(reply, Reply::Begun(Begun::Stored)) {
                let claim = (claims::run.eq(run.id.to_string()), claims::owner.eq(owner), claims::cancel.eq(false));
                diesel::insert_into(claims::table).values(claim).on_conflict_do_nothing().execute(db)?;
            }
            Ok(reply)
        }
        Change::End(run, _) => {
            let reply = queries::change(db, change)?;
            diesel::delete(claims::table.filter(claims::run.eq(run.to_string()))).execute(db)?;
            Ok(reply)
        }
        Change::Claim(workflow, claim) => self::claim(db, owner, workflow, claim).map(Reply::Records),
        Change::Signal(run, signal) => post(db, owner, *run, signal).map(Reply::Posted),
        Change::Cancel(run) => cancel(db, owner, *run).map(Reply::Cancelled),
        Change::Append(..) | Change::Wait(..) | Change::DeleteEnded(_) => queries::change(db, change),
    }
}

/// Gives the owner the open runs of a workflow that nobody has.
fn claim(db: &mut Db, owner: i64, workflow: &str, claim: &Claim) -> QueryResult<Vec<RunRecord>> {
    let owned = claims::table.filter(claims::run.eq(runs::id));
    let mut free = runs::table
        .inner_join(graphs::table)
        .filter(runs::state.eq(OPEN))
        .filter(runs::workflow.eq(workflow))
        .filter(diesel::dsl::not(diesel::dsl::exists(owned)))
        .select(runs::id)
        .into_boxed();
    if let Claim::Left { graph } = claim {
        free = free.filter(graphs::text.eq(graph));
    }
    let free: Vec<String> = free.load(db)?;
    // Two who want the same run get it one after the other, and the second does not; who sends a signal to it comes before or after.
    let mut got = Vec::new();
    for free in free.chunks(1000) {
        let open = runs::table.filter(runs::id.eq_any(free)).filter(runs::state.eq(OPEN)).order(runs::id);
        let open: Vec<String> = open.select(runs::id).for_no_key_update().load(db)?;
        let claim = |run: String| (claims::run.eq(run), claims::owner.eq(owner), claims::cancel.eq(false));
        let claimed = diesel::insert_into(claims::table).values(open.into_iter().map(claim).collect::<Vec<_>>());
        got.extend(claimed.on_conflict_do_nothing().returning(claims::run).get_results::<String>(db)?);
    }
    if *claim == Claim::Open {
        let ours = claims::table.inner_join(runs::table).filter(claims::owner.eq(owner));
        got = ours.filter(runs::workflow.eq(workflow)).select(claims::run).load(db)?;
    }
    got.sort();
    queries::records(db, &got)
}

/// Locks a run, so that nobody takes it or gives it up meanwhile, and finds who has it.
fn owner_of(db: &mut Db, run: RunId) -> QueryResult<Option<i64>> {
    let this = runs::table.filter(runs::id.eq(run.to_string())).select(runs::id);
    this.for_no_key_update().first::<String>(db).optional()?;
    let claim = claims::table.filter(claims::run.eq(run.to_string())).select(claims::owner);
    claim.for_share().first(db).optional()
}

/// Says to who has a run that something has come for it.
fn notify(db: &mut Db, owner: i64, run: RunId) -> QueryResult<()> {
    let notice = (notices::owner.eq(owner), notices::run.eq(run.to_string()));
    diesel::insert_into(notices::table).values(notice).execute(db)?;
    tell(db, &owner.to_string())
}

fn post(db: &mut Db, owner: i64, run: RunId, signal: &Signal) -> QueryResult<Posted> {
    let of = owner_of(db, run)?;
    let posted = queries::post(db, run, signal)?;
    match of {
        Some(of) if of != owner && posted == Posted::Stored => notify(db, of, run)?,
        _ => {}
    }
    Ok(posted)
}

/// Ends a run of the owner that does not run.
pub(super) fn end(db: &mut Db, owner: i64, run: RunId) -> QueryResult<()> {
    guarded(db, owner, |db| cancel(db, owner, run)).map(drop)
}

fn cancel(db: &mut Db, owner: i64, run: RunId) -> QueryResult<Cancelled> {
    match owner_of(db, run)? {
        // One that is ours and does not run here will not any more.
        Some(of) if of != owner => {
            let this = claims::table.filter(claims::run.eq(run.to_string()));
            diesel::update(this).set(claims::cancel.eq(true)).execute(db)?;
            notify(db, of, run)?;
            Ok(Cancelled::Stopping)
        }
        of => {
            let cancelled = queries::cancel(db, run)?;
            if of.is_some() {
                diesel::delete(claims::table.filter(claims::run.eq(run.to_string()))).execute(db)?;
            }
            Ok(cancelled)
        }
    }
}

/// What has come for a run.
#[derive(Default)]
pub(super) struct News {
    pub(super) signals: Vec<Signal>,
    pub(super) cancel: bool,
}

/// What has come for the runs of an owner.
pub(super) fn hear(db: &mut Db, owner: i64) -> QueryResult<Vec<(RunId, News)>> {
    db.transaction(|db| {
        let heard = diesel::delete(notices::table.filter(notices::owner.eq(owner))).returning(notices::run);
        let heard: Vec<String> = heard.get_results(db)?;
        let mut news = BTreeMap::new();
        for run in heard {
            if news.contains_key(&run) {
                continue;
            }
            let cancel = claims::table.filter(claims::run.eq(&run)).select(claims::cancel);
            let cancel = cancel.first(db).optional()?.unwrap_or_default();
            let signals = queries::signals_of(db, &run)?;
            news.insert(run, News { signals, cancel });
        }
        news.into_iter().map(|(run, news)| Ok((queries::parsed(&run)?, news))).collect::<Result<_, Error>>()
    })
}
