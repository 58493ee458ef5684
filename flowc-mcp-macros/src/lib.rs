//! The macro `mcp!`. Use it through the crate `flowc-mcp`, which re-exports it with its feature `typed`.

mod docs;
mod emit;
mod expand;
mod file;
mod input;
mod json;
mod messages;
mod model;
mod names;
mod schema;
mod similar;
mod snapshot;
mod span;
#[cfg(test)]
mod tests;

use proc_macro::TokenStream;

/// Makes a module of typed steps of the tools in a snapshot.
///
/// The path begins at the folder of Cargo.toml; with `./` in front, at the folder of the source file.
///
/// # Attributes of the module
/// | attribute | meaning |
/// |---|---|
/// | `#[only("a", "b")]` | no other tools |
/// | `#[skip("a", "b")]` | all tools but these |
/// | `#[rename("get-weather" = "weather_of")]` | the tool's name in Rust |
#[proc_macro]
pub fn mcp(input: TokenStream) -> TokenStream {
    expand::expand(input.into()).into()
}
