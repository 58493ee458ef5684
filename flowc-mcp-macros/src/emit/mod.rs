//! The model as Rust. Cannot fail, and says nothing to the user.

mod node;
mod ty;
mod types;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

use crate::input::Module;
use crate::model::Server;
use crate::{file, span};

/// The module with all that the server has, and with `errors` in it: rustc is silent of names that a module with an error may have
/// been meant to have.
pub(crate) fn module(module: &Module, server: Option<&Server>, errors: &TokenStream) -> TokenStream {
    let Module { attrs, vis, token, name, path, .. } = module;
    let at = span::visible_at(path.span());
    let body = server.map(|server| body(module, server, at));
    let docs = server.map(|server| {
        let text = format!("The tools of the MCP server `{}`, as steps.", server.name);
        quote_spanned!(at=> #[doc = #text])
    });
    let docs = if attrs.iter().any(|attr| attr.path().is_ident("doc")) { None } else { docs };
    quote! {
        #(#attrs)*
        #docs
        #[allow(
            dead_code, deprecated, missing_docs, non_snake_case, unreachable_pub, unused_imports,
            clippy::all, clippy::pedantic, clippy::nursery, rustdoc::all
        )]
        #vis #token #name { #body #errors }
    }
}

fn body(module: &Module, server: &Server, at: Span) -> TokenStream {
    let include = file::include(&module.path);
    let name = &server.name;
    let docs = format!("What this module was made of: the tools of the MCP server `{name}`, as they were.");
    let types = server.types.iter().map(|named| types::named(named, &server.types, at));
    let nodes = server.tools.iter().map(|tool| node::node(tool, server, at));
    let used = server.tools.iter().map(|tool| &tool.wire);
    let tools = quote_spanned! {at=>
        use ::flowc::Context;
        use ::flowc_mcp::typed::{Arguments, BTreeMap, TypedTools, Value};
        use ::flowc_mcp::{McpError, McpServers, ToolResult};

        #[doc = #docs]
        pub static TOOLS: TypedTools = TypedTools::new(#name, #include, &[#(#used),*]);
    };
    quote!(#tools #(#types)* #(#nodes)*)
}

/// A name of the model as a token; the model has only names that Rust allows.
fn ident(name: &str, at: Span) -> Ident {
    match name.strip_prefix("r#") {
        Some(name) => Ident::new_raw(name, at),
        None => Ident::new(name, at),
    }
}

/// Documentation, if there is any.
fn docs(text: &str, at: Span) -> Option<TokenStream> {
    (!text.is_empty()).then(|| quote_spanned!(at=> #[doc = #text]))
}
