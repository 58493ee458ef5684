//! The derive `Prompt`. Use it through the crate `flowc-nodes`, which re-exports it.

mod emit;
mod expand;
mod file;
mod input;
mod messages;
mod resolve;
mod similar;
mod source;
mod span;
mod template;

use proc_macro::TokenStream;

/// Makes a struct a prompt: its fields are the variables of a template that is checked when the program is compiled.
///
/// # The attribute `#[prompt(..)]` of the struct
/// | part | meaning |
/// |---|---|
/// | `"Hello {name}"`, or `user = "Hello {name}"` | what the person says |
/// | `file = "prompts/hello.md"` | the same in a file |
/// | `system = "Be brief."` | what holds for the whole conversation |
/// | `system_file = "prompts/system.md"` | the same in a file |
///
/// The path of a file begins at the folder of Cargo.toml; with `./` in front, at the folder of the source file.
/// The program is built again when the file changes.
///
/// `#[prompt(skip)]` on a field allows that no template uses it.
///
/// # Templates
/// | in a template | meaning |
/// |---|---|
/// | `{name}` | the field, by its `Display` |
/// | `{doc.title}`, `{docs.len()}` | a field of the field; what a method without arguments gives |
/// | `{score:.2}`, `{doc:?}` | the formats of `format!` |
/// | `{#if brief}..{:else if long}..{:else}..{/if}` | one of the texts, by a `bool`; `!brief` is its opposite |
/// | `{#if let Some(note) = note}..{/if}` | the text, if an `Option` holds something |
/// | `{#for doc in docs}..{:else}..{/for}` | the text for each item, or the other one if there is none |
/// | `{#for (key, value) in map}..{/for}` | the same for pairs |
/// | `{{`, `}}` | a brace |
///
/// A line that holds nothing but `{#..}`, `{:..}` or `{/..}` leaves no line behind. A literal that begins with a line break may be
/// indented as the code is: the common indentation, the first and the last line break are no part of the text.
#[proc_macro_derive(Prompt, attributes(prompt))]
pub fn prompt(input: TokenStream) -> TokenStream {
    expand::expand(input.into()).into()
}
