//! The macros of flowc. Use them through the crate `flowc-engine`, which re-exports them.

mod debug;
mod diag;
mod door;
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
/// `#[context] cx: &Context` tells of the run. The function returns `T`, or `Result<T, E>`, also through an alias of the name `Result`.
/// A type parameter of a node is `Send + Sync + 'static`, without being told so.
///
/// # Options
/// | option | meaning |
/// |---|---|
/// | `name = "search"` | the name of its steps; that of the function if not given |
/// | `version = "1.2.0"` | its version, as in semver; `1.0.0` if not given |
/// | `deprecated(since = "1.2.0", note = "use `find`")` | each use is warned of |
/// | `timeout = "5s"` | how long each attempt may take; also `timeout(attempt = "30s", total = "2m", idle = "5s")` |
/// | `retry(attempts = 3, base = "100ms", factor = 2, max = "30s", jitter, budget = "1m", if = path)` | another attempt after an error or a timeout: the numbers but `budget` are the defaults; `if` is a function from `&E` to `bool` |
/// | `breaker(failures = 5, window = "30s", cooldown = "10s")` | leaves alone for a while what fails again and again |
/// | `rate(calls = 10, per = "1s")` | so many calls in a time |
/// | `concurrency(max = 4)` | so many calls at once |
/// | `cache(key = path, ttl = "10m", max = 1000)` | keeps results |
/// | `fallback = path` | gives something else after a failure: a function from the failure to the output |
/// | `blocking` | a `fn` that runs on a thread for blocking work; inputs and resources by value |
/// | `spawn` | an `async fn` that runs in a task of its own; inputs and resources by value |
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
/// `answer(question)` then gives a workflow that is ready to run; `answer::GRAPH` describes it; `answer::docs` names the step of
/// `let docs = ..`, for tests and kept outputs. A workflow is a node as well, and may be a step of another one.
///
/// # Constructs
/// | you write | it means |
/// |---|---|
/// | `let docs = search(&query);` | a step: a call of a node or a workflow, begun when its inputs are there |
/// | `(plain)(x)`, `x.len()`, `Some(x)`, `a + b` | a plain value, computed in place |
/// | `if`, `match` | one arm runs, and only that one |
/// | `#[max(8)] let all = for x in &list { step(x) };` | a map, at most 8 items at once, results in the order of the items |
/// | `#[on_error(collect)]` on a `for` | each item gives a `Result` of its own |
/// | `#[max(12)] let x = loop { .. break x .. };` | rounds, at most 12, with a `let mut` in front as their state |
/// | `match catch(step(..)) { Ok(x) => .., Err(failure) => .. }` | a failure as a value |
/// | `step(..);` | an effect: the run waits for it though nothing uses it |
/// | `#[after(a, b)]` on a statement | it also waits for these, without a value |
/// | `#[retry(..)]`, `#[timeout("5s")]` on a step | policies in place of the node's own |
///
/// `?`, `.await`, `return`, `let .. else`, `while`, labels, recursion and items are not possible; each is one error that says the
/// way out.
#[proc_macro]
pub fn workflow(input: TokenStream) -> TokenStream {
    workflow::expand(input.into()).into()
}
