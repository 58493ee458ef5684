//! What a run promises: each promise in a file, by tests that would fail if it were untrue. Time is paused, so that what
//! a run takes is exactly what its longest way takes.
#![allow(clippy::needless_borrow, clippy::ptr_arg, clippy::useless_vec, reason = "values stand as users write them")]
#![allow(
    clippy::multiple_bound_locations,
    clippy::never_loop,
    clippy::wrong_self_convention,
    reason = "workflows stand as users write them"
)]
#![allow(unreachable_pub, missing_docs)]

mod arms;
mod cancel;
mod ending;
mod failing;
mod homes;
mod log;
mod loops;
mod maps;
mod nested;
mod order;
mod overrides;
mod panics;
mod paths;
mod policies;
mod starting;
