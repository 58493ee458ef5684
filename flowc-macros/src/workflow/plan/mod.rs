//! From statements to an order: what runs one after the other, what side by side, and where each value is kept.
//!
//! Most graphs are series and parallel pieces all the way down. They become plain code: `let`s in a row, and joins
//! whose branches give their values back. Only a piece that is neither (the letter N is the smallest) becomes strands
//! that hand values to each other through slots.

mod cover;
mod deps;
mod home;
mod order;
mod shape;
mod store;
mod users;

pub(crate) use deps::Deps;
pub(crate) use shape::{Group, Shape, Strand, sequential, shape};
pub(crate) use store::{Slot, SlotKind, Stores, stores};
pub(crate) use users::Scope;
