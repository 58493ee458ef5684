//! AI workflows that are checked by the compiler.
pub mod graph;
