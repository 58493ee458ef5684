//! Which chains stand in which row.

use std::hint::black_box;

use super::{PACE, flows};
use crate::measure::{in_timed_task, under_engine};
use crate::policies::Row;

/// Where every run starts. The keys of the cache are the same in all runs, so that it has each but in the first.
const SEED: u64 = 16;

macro_rules! row {
    ($title:literal, $flow:ident) => {
        Row {
            title: $title,
            pace: PACE,
            plain: in_timed_task("without", || flows::none(black_box(SEED)).run(&())),
            with: in_timed_task("with", || flows::$flow(black_box(SEED)).run(&())),
            plain_engine: under_engine("without, engine", |engine| engine.start(flows::none(black_box(SEED)))),
            with_engine: under_engine("with, engine", |engine| engine.start(flows::$flow(black_box(SEED)))),
        }
    };
}

pub(crate) fn rows() -> Vec<Row> {
    vec![
        row!("none", none),
        row!("timeout of an attempt", attempt),
        row!("timeout of all", total),
        row!("idle timeout", idle),
        row!("retry", retry),
        row!("breaker", breaker),
        row!("rate", rate),
        row!("concurrency", concurrency),
        row!("cache, found", cache),
        row!("fallback", fallback),
        row!("all but the cache", all),
    ]
}
