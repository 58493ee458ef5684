//! The macros of flowc. Use them through the crate `flowc-engine`, which re-exports them.

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
/// The function stays as it is and can be called and tested as before. See the guide for options and parameters.
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
