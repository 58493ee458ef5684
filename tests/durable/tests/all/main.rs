//! What becomes of durable runs, on both databases.

mod base;
mod crash;
mod errors;
mod faults;
mod operate;
mod outage;
mod schedules;
mod shared;
mod waits;
