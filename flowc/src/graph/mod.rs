//! A workflow as data, and its drawings. Pure: no I/O, no runtime.

mod spec;

pub use spec::{Deprecated, Edge, EdgeMode, GraphSpec, NodeKind, NodeSpec, ParamSpec, Place, Vertex, VertexKind};

#[doc(hidden)]
pub use spec::make;
