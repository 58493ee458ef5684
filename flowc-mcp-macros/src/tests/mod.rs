//! What becomes of a snapshot, told in short: a line for each tool and each type.

mod schemas;
mod tools;

use crate::json;
use crate::model::{Field, Gives, Server, Shape, Takes, Ty};
use crate::snapshot::{self, Wanted};

/// The tools and types of a snapshot, and what is wrong with it.
fn told(text: &str) -> Vec<String> {
    told_of(text, &Wanted::default())
}

fn told_of(text: &str, wanted: &Wanted) -> Vec<String> {
    let json = match json::parse(text) {
        Ok(json) => json,
        Err(wrong) => return vec![format!("{}: {}", wrong.place, wrong.text)],
    };
    let (server, wrong) = snapshot::read(&json, wanted);
    let mut lines: Vec<String> = server
        .tools
        .iter()
        .map(|tool| {
            let params = match &tool.takes {
                Takes::Fields(fields) => fields_text(fields, &server),
                Takes::Grouped(fields, rest) => {
                    fields_text(&[fields.as_slice(), std::slice::from_ref(rest)].concat(), &server)
                }
                Takes::Whole(field) => fields_text(std::slice::from_ref(field), &server),
            };
            let gives = match &tool.gives {
                Gives::Everything => "ToolResult".to_owned(),
                Gives::Structured(output) => ty(output, &server),
                Gives::Wrapped(output) => format!("result {}", ty(output, &server)),
            };
            format!("fn {}({params}) -> {gives}", tool.name)
        })
        .collect();
    lines.extend(server.types.iter().map(|named| {
        let name = &named.name;
        match &named.shape {
            Shape::Struct { fields, rest } => {
                let rest = rest.as_ref().map(|rest| format!("; {}", ty(rest, &server))).unwrap_or_default();
                format!("struct {name} {{ {}{rest} }}", fields_text(fields, &server))
            }
            Shape::Choice(words) => {
                let words: Vec<_> = words.iter().map(|word| format!("{}={:?}", word.name, word.wire)).collect();
                format!("enum {name} {{ {} }}", words.join(", "))
            }
            Shape::Union(variants) => {
                let variants: Vec<_> =
                    variants.iter().map(|variant| format!("{}({})", variant.name, ty(&variant.ty, &server))).collect();
                format!("enum {name} {{ {} }}", variants.join(", "))
            }
            Shape::Alias(of) => format!("type {name} = {}", ty(of, &server)),
        }
    }));
    lines.extend(
        wrong.iter().map(|wrong| format!("{}: {}", wrong.place, wrong.text.lines().next().unwrap_or_default())),
    );
    lines
}

fn fields_text(fields: &[Field], server: &Server) -> String {
    let field = |field: &Field| {
        let bare = field.name.trim_start_matches("r#");
        let wire =
            if bare == field.wire || field.wire.is_empty() { String::new() } else { format!("={:?}", field.wire) };
        format!("{}{wire}: {}", field.name, ty(&field.ty, server))
    };
    fields.iter().map(field).collect::<Vec<_>>().join(", ")
}

fn ty(of: &Ty, server: &Server) -> String {
    match of {
        Ty::Bool => "bool".to_owned(),
        Ty::Signed => "i64".to_owned(),
        Ty::Unsigned => "u64".to_owned(),
        Ty::Float => "f64".to_owned(),
        Ty::Text => "String".to_owned(),
        Ty::Nothing => "()".to_owned(),
        Ty::Any => "Value".to_owned(),
        Ty::Maybe(item) => format!("Option<{}>", ty(item, server)),
        Ty::Boxed(item) => format!("Box<{}>", ty(item, server)),
        Ty::List(item) => format!("Vec<{}>", ty(item, server)),
        Ty::Map(item) => format!("Map<{}>", ty(item, server)),
        Ty::Tuple(items) => format!("({})", items.iter().map(|item| ty(item, server)).collect::<Vec<_>>().join(", ")),
        Ty::Named(id) => server.types[*id].name.clone(),
    }
}

/// A snapshot of one tool `ask` that takes nothing, and gives what the schema says.
fn giving(schema: &str) -> Vec<String> {
    told(&format!(
        r#"{{"server": "s", "tools": [{{"name": "ask", "inputSchema": {{"type": "object"}}, "outputSchema": {schema}}}]}}"#
    ))
}

/// A snapshot of one tool `ask` that takes what the schema says.
fn taking(schema: &str) -> Vec<String> {
    told(&format!(r#"{{"server": "s", "tools": [{{"name": "ask", "inputSchema": {schema}}}]}}"#))
}
