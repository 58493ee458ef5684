//! Inputs of flowc's own nodes that are made of what a workflow gives.
//!
//! A node whose type parameter must be fit for something would say so wherever the workflow names it. What makes its input says it once,
//! where the call stands.

/// What a workflow gives.
pub trait Lift<'a> {
    /// Its type.
    type Given;
}

/// What is made of it, where the types are fit for it.
pub trait Lifted<'a>: Lift<'a> {
    /// Makes it.
    fn lift(given: Self::Given) -> Self;
}
