//! From tokens to tokens: reads the file, makes the [`model`](crate::model) and writes the module.

use proc_macro2::TokenStream;
use quote::quote;
use syn::LitStr;

use crate::input::{Module, Modules};
use crate::json::{self, Json};
use crate::messages as say;
use crate::model::Server;
use crate::similar::similar;
use crate::snapshot::{self, Wanted};
use crate::{emit, file};

pub(crate) fn expand(input: TokenStream) -> TokenStream {
    match syn::parse2::<Modules>(input) {
        Ok(Modules(modules)) => modules.iter().map(expand_module).collect(),
        Err(error) => {
            let error = error.to_compile_error();
            quote!(#error)
        }
    }
}

fn expand_module(module: &Module) -> TokenStream {
    let (server, errors) = read(module);
    let errors: TokenStream = errors.iter().map(syn::Error::to_compile_error).collect();
    emit::module(module, server.as_ref(), &errors)
}

fn read(module: &Module) -> (Option<Server>, Vec<syn::Error>) {
    let path = module.path.value();
    let at = |text: &str| syn::Error::new(module.path.span(), text);
    let json = match file::read(&module.path) {
        Ok(text) => json::parse(&text),
        Err(text) => return (None, vec![at(&text)]),
    };
    let json = match json {
        Ok(json) => json,
        Err(wrong) => return (None, vec![at(&say::in_file(&path, wrong.place, &say::not_json(&wrong.text)))]),
    };
    let mut errors = Vec::new();
    let wanted = wanted(module, &json, &mut errors);
    let (server, wrong) = snapshot::read(&json, &wanted);
    errors.extend(wrong.iter().map(|wrong| at(&say::in_file(&path, wrong.place, &wrong.text))));
    (Some(server), errors)
}

fn wanted(module: &Module, json: &Json, errors: &mut Vec<syn::Error>) -> Wanted {
    let tools = snapshot::tools(json);
    let server = json.get("server").and_then(Json::text).unwrap_or_default();
    let mut known = |literal: &LitStr| {
        let tool = literal.value();
        // A snapshot without tools has another error.
        if !tools.contains(&tool.as_str()) && !tools.is_empty() {
            errors.push(syn::Error::new(literal.span(), say::unknown_tool(&tool, similar(&tool, &tools), server)));
        }
        tool
    };
    let only = module.only.iter().map(&mut known).collect();
    let skip = module.skip.iter().map(&mut known).collect();
    let renamed: Vec<_> = module.rename.iter().map(|rename| (known(&rename.tool), &rename.name)).collect();
    let mut wanted = Wanted { only, skip, ..Wanted::default() };
    for (tool, name) in renamed {
        if name.parse::<syn::Ident>().is_ok() {
            wanted.rename.insert(tool, name.value());
        } else {
            errors.push(syn::Error::new(name.span(), say::no_name(&name.value())));
        }
    }
    wanted
}
