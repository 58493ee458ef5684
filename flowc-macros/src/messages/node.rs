//! Texts of `#[node]`.

pub(crate) const NOT_A_FUNCTION: &str = "`#[node]` belongs on a function\nhelp: write it above a `fn` or an `async fn`";
pub(crate) const METHOD: &str = "a node is a function of its own, not a method\nhelp: move it out of the `impl` and take `self` as an input or a `#[resource]`";
pub(crate) const CONST: &str = "a node cannot be `const`\nhelp: remove `const`";
pub(crate) const UNSAFE: &str =
    "a node cannot be `unsafe`, since a workflow calls it without further proof\nhelp: write a safe function around it";
pub(crate) const EXTERN: &str = "a node has Rust's own calling convention\nhelp: write a plain function around it";
pub(crate) const VARIADIC: &str = "a node has a fixed number of inputs\nhelp: take a slice or a `Vec`";
pub(crate) const IMPL_PARAM: &str = "a node takes no `impl Trait`, since a step must be able to name its type\nhelp: write a type parameter, as in `fn node<T: Trait>(x: &T)`";
pub(crate) const IMPL_FUTURE: &str =
    "a node does not return a future\nhelp: write `async fn` and return what the future gives";
pub(crate) const IMPL_RETURN: &str =
    "a node names the type that it returns\nhelp: write the type itself, or box it: `Box<dyn Trait + Send>`";
pub(crate) const BORROWED_OUTPUT: &str = "the output of a node owns its data, since it outlives the inputs\nhelp: return an owned value, say a `String` for a `&str`";
pub(crate) const UNSENT_ERROR: &str =
    "the error of a node goes to other threads with its run\nhelp: write `Box<dyn Error + Send + Sync>`";
pub(crate) const BORROWED_OUTPUT_OF_WORKFLOW: &str = "the result of a workflow owns its data, since it outlives the inputs\nhelp: return an owned value, say a `String` for a `&str`";
pub(crate) const MUT_INPUT: &str = "a node does not change its inputs, since other steps may read them\nhelp: take the value itself and return the changed one";
pub(crate) fn borrowed_offload(option: &str) -> String {
    format!(
        "a `{option}` node leaves the task, so it cannot borrow its inputs\nhelp: take the value itself, cloned or moved by the workflow"
    )
}
pub(crate) fn borrowed_offload_resource(option: &str) -> String {
    format!(
        "a `{option}` node leaves the task, so it cannot borrow a resource\nhelp: take the resource by value, as in `#[resource] \
         index: Arc<Index>`; it is cloned for each call"
    )
}
pub(crate) const OWNED_RESOURCE: &str = "a resource is borrowed from the application\nhelp: take it by `&`; only `blocking` and `spawn` nodes take one by value";
pub(crate) const CONTEXT_SHAPE: &str = "the context is borrowed\nhelp: write `#[context] cx: &Context`";
pub(crate) const TWO_CONTEXTS: &str = "a node has one context\nhelp: remove the second `#[context]`";
pub(crate) const RESOURCE_AND_CONTEXT: &str =
    "this is a resource or the context, not both\nhelp: remove `#[resource]` or `#[context]`";
pub(crate) fn role_arguments(role: &str) -> String {
    format!("`#[{role}]` takes no arguments\nhelp: write `#[{role}]`")
}
pub(crate) const CFG_PARAM: &str =
    "a parameter of a node cannot come and go with `#[cfg]`\nhelp: put `#[cfg]` on two versions of the node";
pub(crate) const PATTERN: &str =
    "an input of a node has a plain name\nhelp: name it here, and take it apart by `let` in the body";
pub(crate) const BLOCKING_ASYNC: &str = "a `blocking` node is a plain `fn`, since its thread does not await\nhelp: remove `async`, or remove \
    `blocking`; `spawn` gives an `async fn` a task of its own";
pub(crate) const SPAWN_SYNC: &str =
    "a `spawn` node is an `async fn`\nhelp: write `async fn`, or use `blocking` for work that keeps a thread busy";
pub(crate) const BLOCKING_AND_SPAWN: &str =
    "a node is `blocking` or `spawn`, not both\nhelp: keep `blocking` for a `fn`, `spawn` for an `async fn`";
pub(crate) const DEPRECATED_TWICE: &str = "the node has `#[deprecated]` already\nhelp: remove one of them";
