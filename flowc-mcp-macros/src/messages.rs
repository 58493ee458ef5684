//! Every text that a user reads, and nothing else. Lower case, no final dot, backticks around code, the way out as `help:`.

use crate::similar::similar;

pub(crate) const ENDLESS: &str = "this schema refers to itself without end";

pub(crate) const NO_PATH: &str = "expected the path of a snapshot in quotes\nhelp: write it as in `pub mod weather = \"mcp/weather.json\";`, \
    from the folder of Cargo.toml, or with `./` in front from the folder of this file";

pub(crate) const EMPTY: &str = "`mcp!` has no module\nhelp: write `pub mod weather = \"mcp/weather.json\";`, with the path of a snapshot that \
    `flowc-mcp snapshot` wrote";

pub(crate) fn unread(path: &str, error: &std::io::Error, relative_to: &str) -> String {
    format!(
        "cannot read `{path}`: {error}\nhelp: the path begins at {relative_to}; `flowc-mcp snapshot mcp.json <server> -o {path}` writes the file"
    )
}

pub(crate) fn in_file(path: &str, place: crate::json::Place, text: &str) -> String {
    let (text, help) = text.split_once("\nhelp: ").map_or((text, None), |(text, help)| (text, Some(help)));
    let help = help.map(|help| format!("\nhelp: {help}")).unwrap_or_default();
    format!("{path}:{}:{}: {text}{help}", place.line, place.column)
}

pub(crate) fn not_json(text: &str) -> String {
    format!("{text}: this is no JSON\nhelp: a snapshot is written by `flowc-mcp snapshot`, and needs no edits by hand")
}

pub(crate) fn no_snapshot(missing: &str) -> String {
    format!(
        "this is no snapshot: {missing}\nhelp: a snapshot is `{{\"server\": \"weather\", \"tools\": [..]}}`, as `flowc-mcp snapshot` writes it"
    )
}

pub(crate) fn no_object(tool: &str, found: &str) -> String {
    format!(
        "the tool `{tool}` takes {found}, and a tool can only take an object\nhelp: ask for a right schema where the server is made, or leave \
         the tool out: `#[skip(\"{tool}\")]` above the module"
    )
}

pub(crate) fn no_schema(found: &str) -> String {
    format!("a schema is an object or a boolean, not {found}")
}

pub(crate) fn no_type(written: &str) -> String {
    const TYPES: &[&str] = &["array", "boolean", "integer", "null", "number", "object", "string"];
    let meant =
        similar(written.trim_matches('"'), TYPES).map(|meant| format!(", `{meant}` is one")).unwrap_or_default();
    format!("{written} is no type of JSON Schema{meant}")
}

pub(crate) fn unsupported(keyword: &str) -> String {
    format!("the keyword `{keyword}` has no meaning without other files")
}

pub(crate) fn outside(reference: &str) -> String {
    format!("`$ref` leads to `{reference}`, outside of this schema")
}

pub(crate) fn nothing_there(reference: &str) -> String {
    format!("`$ref` leads to `{reference}`, where nothing is")
}

/// What is wrong in a schema, with the tool and the way out.
pub(crate) fn in_tool(tool: &str, text: &str) -> String {
    format!(
        "in the schema of the tool `{tool}`: {text}\nhelp: ask for a right schema where the server is made, or leave the tool out: \
         `#[skip(\"{tool}\")]` above the module"
    )
}

pub(crate) fn same_name(first: &str, second: &str, name: &str) -> String {
    format!(
        "the tools `{first}` and `{second}` are both `{name}` in Rust\nhelp: give one of them another name: `#[rename(\"{second}\" = \
         \"{name}_2\")]` above the module"
    )
}

pub(crate) fn twice(tool: &str) -> String {
    format!("the tool `{tool}` is listed twice")
}

pub(crate) fn unknown_tool(tool: &str, similar: Option<&str>, server: &str) -> String {
    let help = similar.map(|similar| format!("\nhelp: did you mean `{similar}`?")).unwrap_or_default();
    format!("the server `{server}` has no tool `{tool}`{help}")
}

pub(crate) const ATTRIBUTE_SKIP: &str = "expected names of tools, as in `#[skip(\"get-weather\")]`";
pub(crate) const ATTRIBUTE_ONLY: &str = "expected names of tools, as in `#[only(\"get-weather\")]`";
pub(crate) const ATTRIBUTE_RENAME: &str =
    "expected a tool and its name in Rust, as in `#[rename(\"get-weather\" = \"weather_of\")]`";

pub(crate) fn no_name(name: &str) -> String {
    format!("`{name}` is no name for a function in Rust")
}
