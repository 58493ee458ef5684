//! A tool as a node.

use std::fmt::Write;

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

use super::ident;
use super::ty::ty;
use crate::model::{Field, Gives, Server, Takes, Tool};

pub(super) fn node(tool: &Tool, server: &Server, at: Span) -> TokenStream {
    let (name, wire, docs) = (ident(&tool.name, at), &tool.wire, docs(tool, server));
    let types = &server.types;
    let params = params(&tool.takes);
    let inputs = params.iter().map(|field| {
        let (name, ty, docs) = (ident(&field.name, at), ty(&field.ty, types, at), super::docs(&field.docs, at));
        quote_spanned!(at=> #docs #name: #ty,)
    });
    let free = |name: &'static str, other: &'static str| {
        ident(if params.iter().any(|field| field.name == name) { other } else { name }, at)
    };
    let (servers, cx) = (free("servers", "mcp_servers"), free("cx", "context"));
    let arguments = arguments(&tool.takes, at);
    let repeat = tool.hints.read_only || tool.hints.idempotent;
    let call = quote_spanned!(at=> TOOLS.call(#servers, #cx, #wire, #arguments, #repeat).await);
    let (output, call) = match &tool.gives {
        Gives::Everything => (quote_spanned!(at=> ToolResult), call),
        Gives::Structured(output) => (ty(output, types, at), quote_spanned!(at=> TOOLS.structured(&#call?))),
        Gives::Wrapped(output) => (ty(output, types, at), quote_spanned!(at=> TOOLS.wrapped(#wire, #call?))),
    };
    quote_spanned! {at=>
        #[doc = #docs]
        #[::flowc::node]
        pub async fn #name(
            #(#inputs)*
            #[resource] #servers: &McpServers,
            #[context] #cx: &Context,
        ) -> Result<#output, McpError> {
            #call
        }
    }
}

fn params(takes: &Takes) -> Vec<&Field> {
    match takes {
        Takes::Fields(fields) => fields.iter().collect(),
        Takes::Grouped(fields, rest) => fields.iter().chain([rest]).collect(),
        Takes::Whole(field) => vec![field],
    }
}

fn arguments(takes: &Takes, at: Span) -> TokenStream {
    let given = |fields: &[Field]| {
        let calls = fields.iter().map(|field| {
            let (wire, name) = (&field.wire, ident(&field.name, at));
            if field.required {
                quote_spanned!(at=> .with(#wire, &#name))
            } else {
                quote_spanned!(at=> .maybe(#wire, #name.as_ref()))
            }
        });
        quote_spanned!(at=> Arguments::new() #(#calls)*)
    };
    match takes {
        Takes::Fields(fields) => given(fields),
        Takes::Grouped(fields, rest) => {
            let (fields, rest) = (given(fields), ident(&rest.name, at));
            quote_spanned!(at=> #fields.all(&#rest))
        }
        Takes::Whole(field) => {
            let name = ident(&field.name, at);
            quote_spanned!(at=> Arguments::new().all(&#name))
        }
    }
}

/// What the server says of the tool and its parameters, and what it is.
fn docs(tool: &Tool, server: &Server) -> String {
    let mut docs = tool.docs.clone();
    let params = params(&tool.takes);
    if !params.is_empty() {
        docs.push_str(if docs.is_empty() { "# Parameters" } else { "\n\n# Parameters" });
    }
    for field in params {
        let name = field.name.trim_start_matches("r#");
        let text = field.docs.replace("\n\n", " ").replace('\n', "\n  ");
        let _ = write!(docs, "\n- `{name}`{}{text}", if text.is_empty() { "" } else { ": " });
    }
    let promise = match (tool.hints.read_only, tool.hints.idempotent) {
        (true, _) => " It only reads.",
        (false, true) => " A second call with the same arguments changes nothing more.",
        (false, false) => "",
    };
    let break_ = if docs.is_empty() { "" } else { "\n\n" };
    let _ = write!(docs, "{break_}The tool `{}` of the MCP server `{}`.{promise}", tool.wire, server.name);
    docs
}
