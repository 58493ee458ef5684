//! From the JSON of a snapshot to the model.

use std::collections::{HashMap, HashSet};

use crate::docs;
use crate::json::{Json, Value, Wrong};
use crate::messages as say;
use crate::model::{Field, Gives, Hints, Named, Server, Shape, Takes, Tool, Ty};
use crate::names;
use crate::schema::{Reader, Site, Types};

/// More optional parameters than these stand together in a struct.
const MOST_OPTIONAL: usize = 4;

/// Which tools are wanted, and how they are called.
#[derive(Default)]
pub(crate) struct Wanted {
    pub(crate) only: Vec<String>,
    pub(crate) skip: Vec<String>,
    pub(crate) rename: HashMap<String, String>,
}

impl Wanted {
    fn wants(&self, tool: &str) -> bool {
        let listed = |list: &[String]| list.iter().any(|name| name == tool);
        (self.only.is_empty() || listed(&self.only)) && !listed(&self.skip)
    }
}

/// The names of all tools in a snapshot.
pub(crate) fn tools(json: &Json) -> Vec<&str> {
    let tools = json.get("tools").map(Json::items).unwrap_or_default();
    tools.iter().filter_map(|tool| tool.get("name")?.text()).collect()
}

/// What is there to be read is read, also if something is wrong.
pub(crate) fn read(json: &Json, wanted: &Wanted) -> (Server, Vec<Wrong>) {
    let mut wrong = Vec::new();
    let mut server = Server::default();
    let Some(tools) = frame(json, &mut server, &mut wrong) else { return (server, wrong) };
    let mut types = Types::new(owned(tools));
    for tool in tools {
        let Some(name) = tool.get("name").and_then(Json::text) else {
            wrong.push(Wrong::at(tool.place, say::no_snapshot("a tool has no `name`")));
            continue;
        };
        if !wanted.wants(name) {
            continue;
        }
        if let Some(tool) = read_tool(tool, name, wanted, &mut types, &mut wrong) {
            server.add(tool, json, &mut wrong);
        }
    }
    server.types = types.into_named();
    (server, wrong)
}

/// The names of the results of all tools, and of all definitions.
fn owned(tools: &[Json]) -> HashSet<String> {
    let mut names = HashSet::new();
    for tool in tools {
        let results = tool.get("outputSchema").and_then(|schema| schema.get("title")?.text());
        names.extend(tool.get("name").and_then(Json::text).into_iter().chain(results).map(names::camel));
        for schema in [tool.get("inputSchema"), tool.get("outputSchema")].into_iter().flatten() {
            let definitions = ["$defs", "definitions"].into_iter().filter_map(|key| schema.get(key));
            names.extend(definitions.flat_map(Json::entries).map(|entry| names::camel(&entry.key)));
        }
    }
    names
}

/// `{"server": "weather", "tools": [..]}`
fn frame<'j>(json: &'j Json, server: &mut Server, wrong: &mut Vec<Wrong>) -> Option<&'j [Json]> {
    if !json.is_object() {
        wrong.push(Wrong::at(json.place, say::no_snapshot(&format!("it is {}", json.kind()))));
        return None;
    }
    let Some(name) = json.get("server").and_then(Json::text) else {
        wrong.push(Wrong::at(json.place, say::no_snapshot("it has no `server`, a string")));
        return None;
    };
    name.clone_into(&mut server.name);
    match json.get("tools") {
        Some(Json { value: Value::List(tools), .. }) => Some(tools),
        other => {
            let place = other.map_or(json.place, |other| other.place);
            wrong.push(Wrong::at(place, say::no_snapshot("it has no `tools`, an array")));
            None
        }
    }
}

impl Server {
    /// Bad input: two tools of one name.
    fn add(&mut self, tool: Tool, json: &Json, wrong: &mut Vec<Wrong>) {
        let Some(first) = self.tools.iter().find(|known| known.name == tool.name) else {
            self.tools.push(tool);
            return;
        };
        let place = json.get("tools").and_then(|tools| {
            let named = |entry: &&Json| entry.get("name").and_then(Json::text) == Some(&tool.wire);
            tools.items().iter().rfind(named)?.get("name")
        });
        let text = if first.wire == tool.wire {
            say::twice(&tool.wire)
        } else {
            say::same_name(&first.wire, &tool.wire, &tool.name)
        };
        wrong.push(Wrong::at(place.map_or(json.place, |place| place.place), text));
    }
}

fn read_tool(json: &Json, wire: &str, wanted: &Wanted, types: &mut Types, wrong: &mut Vec<Wrong>) -> Option<Tool> {
    let Some(input) = json.get("inputSchema") else {
        let text = format!("the tool `{wire}` has no `inputSchema`");
        wrong.push(Wrong::at(json.place, say::no_snapshot(&text)));
        return None;
    };
    let mut inside = Vec::new();
    let takes = takes(input, wire, types, &mut inside);
    let output = json.get("outputSchema").filter(|schema| !schema.is_null());
    let gives = output.map_or(Gives::Everything, |schema| gives(schema, wire, types, &mut inside));
    wrong.extend(inside.into_iter().map(|wrong| {
        let text = if wrong.text.contains("\nhelp: ") { wrong.text } else { say::in_tool(wire, &wrong.text) };
        Wrong { text, ..wrong }
    }));
    let name = wanted.rename.get(wire).cloned().unwrap_or_else(|| names::snake(wire));
    Some(Tool { wire: wire.to_owned(), name, docs: docs::description(json), takes: takes?, gives, hints: hints(json) })
}

fn hints(json: &Json) -> Hints {
    let hint = |key: &str| json.get("annotations").and_then(|all| all.get(key)?.bool()).unwrap_or(false);
    Hints { read_only: hint("readOnlyHint"), idempotent: hint("idempotentHint") }
}

fn takes(schema: &Json, wire: &str, types: &mut Types, wrong: &mut Vec<Wrong>) -> Option<Takes> {
    let kind = schema.get("type");
    if !schema.is_object() || kind.is_some_and(|kind| kind.text() != Some("object")) {
        let found =
            kind.map_or_else(|| schema.kind().to_owned(), |kind| format!("`{}`", kind.text().unwrap_or_default()));
        let place = kind.map_or(schema.place, |kind| kind.place);
        wrong.push(Wrong::at(place, say::no_object(wire, &found)));
        return None;
    }
    let site = Site::named(names::camel(wire));
    let mut reader = Reader::new(schema, wire, types, wrong);
    let Some((mut required, optional, rest)) = reader.arguments(schema, &site) else {
        let name = "arguments".to_owned();
        let ty = reader.ty(schema, &Site::named(format!("{}Arguments", names::camel(wire))));
        return Some(Takes::Whole(Field { wire: name.clone(), name, docs: String::new(), ty, required: true }));
    };
    if optional.len() + usize::from(rest.is_some()) <= MOST_OPTIONAL && rest.is_none() {
        required.extend(optional);
        return Some(Takes::Fields(required));
    }
    let name = format!("{}Options", names::camel(wire));
    let docs = format!("What may be given to `{}`, and need not be.", names::snake(wire));
    let id = types.add(Named { name, docs, shape: Shape::Struct { fields: optional, rest } });
    let taken = required.iter().any(|field| field.name == "options");
    let field = Field {
        wire: String::new(),
        name: if taken { "more_options" } else { "options" }.to_owned(),
        docs: "What may be given and need not be.".to_owned(),
        ty: Ty::Named(id),
        required: false,
    };
    Some(Takes::Grouped(required, field))
}

fn gives(schema: &Json, wire: &str, types: &mut Types, wrong: &mut Vec<Wrong>) -> Gives {
    let tool = names::camel(wire);
    let mut reader = Reader::new(schema, wire, types, wrong);
    if let [only] = schema.get("properties").map(Json::entries).unwrap_or_default() {
        let required = schema.get("required").map(Json::items).unwrap_or_default();
        if only.key == "result" && required.iter().any(|name| name.text() == Some("result")) {
            return Gives::Wrapped(reader.ty(&only.value, &Site::named(tool)));
        }
    }
    let title = schema.get("title").and_then(Json::text).filter(|title| title.len() <= 40);
    Gives::Structured(reader.ty(schema, &Site::named(title.map_or(tool, names::camel))))
}
