//! Tools as steps with types: [`mcp!`](crate::mcp) makes them of a [`Snapshot`], and a server that does not fit it any more is told
//! apart by its [`Drift`].

#[cfg(feature = "typed")]
mod arguments;
mod drift;
mod snapshot;
#[cfg(feature = "typed")]
mod tools;

/// A type of `mcp!`, which can tell its JSON Schema where workflows are served. For generated code only.
#[cfg(all(feature = "typed", feature = "server"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __typed {
    ($($item:tt)*) => {
        #[derive($crate::typed::schemars::JsonSchema)]
        #[schemars(crate = "::flowc_mcp::typed::schemars")]
        $($item)*
    };
}

/// A type of `mcp!`. For generated code only.
#[cfg(all(feature = "typed", not(feature = "server")))]
#[doc(hidden)]
#[macro_export]
macro_rules! __typed {
    ($($item:tt)*) => { $($item)* };
}

pub use drift::{Change, Drift, Side};
pub use snapshot::{NoSnapshot, Snapshot, snapshot};

#[cfg(feature = "typed")]
pub use tools::TypedTools;

/// For what `mcp!` writes.
#[cfg(feature = "typed")]
#[doc(hidden)]
pub use {arguments::Arguments, serde, serde_json::Value, std::collections::BTreeMap};

#[cfg(all(feature = "typed", feature = "server"))]
#[doc(hidden)]
pub use flowc::schema::schemars;
