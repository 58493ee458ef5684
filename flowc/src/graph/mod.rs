//! A workflow as data, and its drawings. Pure: no I/O, no runtime.

mod dot;
#[cfg(feature = "journal")]
mod downstream;
mod draw;
mod label;
mod layout;
mod mermaid;
mod ports;
mod spec;
mod svg;
mod text;
mod tree;

#[cfg(test)]
mod tests;

pub use draw::{Drawing, Tone};
pub use spec::{Deprecated, Edge, EdgeMode, GraphSpec, NodeKind, NodeSpec, ParamSpec, Place, Vertex, VertexKind};

#[doc(hidden)]
pub use spec::make;
