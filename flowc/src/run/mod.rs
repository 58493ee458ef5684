//! Running a workflow in one task.

mod attempt;
mod control;
mod executor;
mod guard;
mod join;
mod lanes;
mod offload;
mod outcome;
mod place;
mod slot;
mod steer;
mod tracked;

pub(crate) use attempt::attempted;
pub(crate) use control::Control;
#[cfg(feature = "dynamic")]
pub use executor::Known;
pub use executor::{Executor, InProcess};
pub use guard::{Guarded, Lazy, Panicked};
pub use join::{
    Beside, Join2, Join3, Join4, Join5, Join6, Join7, Join8, Settling, beside, join2, join3, join4, join5, join6,
    join7, join8, settling,
};
pub use lanes::{Lanes, map, mapped};
pub use offload::{Stopped, blocking, spawn};
pub use outcome::{Halt, Outcome, settled, settled_plain};
pub(crate) use place::{Around, Spot};
pub use place::{At, Frame};
pub use slot::{Flag, Movable, Passed, Progress, Quiesce, Shared, quiesce};
pub(crate) use steer::{Bounds, steered};
pub(crate) use tracked::Tracked;
