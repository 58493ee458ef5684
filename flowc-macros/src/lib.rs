//! The macros of flowc. Use them through the crate `flowc-engine`, which re-exports them.

mod diag;
mod messages;
mod span;
mod workflow;

/// Declares workflows.
#[proc_macro]
pub fn workflow(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    workflow::expand(input.into()).into()
}
