//! The macros of flowc. Use them through the crate `flowc-engine`, which re-exports them.

mod debug;
mod diag;
mod editor;
mod messages;
mod node;
mod options;
mod resources;
mod span;
mod workflow;

use proc_macro::TokenStream;

/// Makes a function a node: a step that workflows can call.
///
/// The function stays as it is and can be called and tested as before; a type of the same name stands beside it.
///
/// # Parameters
/// Inputs are taken by value or by `&`. `#[resource] index: &Index` is handed in by the application, found by its type;
/// `#[context] cx: &Context` tells of the run. The function returns `T`, or `Result<T, E>` under any name that ends in `Result`.
/// A type parameter of a node is `Send + Sync + 'static`, without being told so.
///
/// # Options
/// | option | meaning |
/// |---|---|
/// | `name = "search"` | the name of its steps; that of the function if not given |
/// | `version = "1.2.0"` | its version, as in semver; `1.0.0` if not given |
/// | `deprecated(since = "1.2.0", note = "use `find`")` | each use is warned of |
/// | `timeout = "5s"` | how long each attempt may take |
/// | `retry(attempts = 3, base = "100ms", factor = 2, max = "30s", jitter, budget = "1m", if = path)` | another attempt after an error or a timeout: the numbers but `budget` are the defaults; `if` is a function from `&E` to `bool` |
/// | `blocking` | a `fn` that runs on a thread for blocking work; inputs and resources by value |
/// | `spawn` | an `async fn` that runs in a task of its own; inputs and resources by value |
/// | `breaker(failures = 5, window = "30s", cooldown = "10s")` | checked, without effect so far |
/// | `rate(calls = 10, per = "1s")` | checked, without effect so far |
/// | `cache(key = path, ttl = "10m", max = 1000)` | checked, without effect so far |
#[proc_macro_attribute]
pub fn node(options: TokenStream, item: TokenStream) -> TokenStream {
    node::expand(options.into(), item.into()).into()
}

/// Lets nodes find the fields of a struct by their types.
///
/// A field of the type `Arc<T>` or `Box<T>` provides `T` as well, `dyn Trait` included.
#[proc_macro_derive(Resources)]
pub fn resources(item: TokenStream) -> TokenStream {
    resources::expand(item.into()).into()
}

/// Declares workflows: functions whose calls are steps, ordered by the data that they hand to each other.
///
/// See the guide for what a body may contain.
#[proc_macro]
pub fn workflow(input: TokenStream) -> TokenStream {
    workflow::expand(input.into()).into()
}
