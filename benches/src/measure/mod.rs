//! How it is measured: many short batches of every contestant in turn, in one process and on one thread, so that whatever
//! disturbs the machine disturbs all alike. A ratio is the median of the ratios of neighbouring batches.

mod contestant;
mod rounds;
mod row;
mod spin;

#[cfg(feature = "peers")]
pub(crate) use contestant::in_runtime;
pub(crate) use contestant::{Contestant, in_task, in_timed_task, runtime, spawned, under, under_engine};
pub(crate) use rounds::side_by_side;
pub(crate) use row::{Measured, Role, Row};
