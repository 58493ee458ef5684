use serde_json::{Map, Value};

use crate::graph::NodeSpec;
use crate::schema::{JsonInputs, JsonOutput};

/// What is told of a node: those of `#[node]` and `workflow!` tell it by themselves, others by this.
///
/// ```
/// use flowc::dynamic::NodeInfo;
/// use serde_json::json;
///
/// let info = NodeInfo::new("weather", "2.0.1")
///     .docs("How the weather is in a town.")
///     .input_schema(json!({ "type": "object", "properties": { "town": { "type": "string" } } }));
/// assert_eq!(info.version, "2.0.1");
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct NodeInfo {
    /// Its name.
    pub name: String,
    /// Its [version](https://semver.org).
    pub version: String,
    /// What it does.
    pub docs: String,
    /// The JSON Schema of an object with its inputs by name.
    pub input_schema: Value,
    /// The JSON Schema of its output.
    pub output_schema: Value,
    /// The types of its resources, as written.
    pub resources: Vec<String>,
    /// Why it should not be used any more, if so.
    pub deprecated: Option<String>,
    /// Where it comes from, for errors: a file and a line, or the name of a server.
    pub origin: String,
}

impl NodeInfo {
    /// A node that takes no inputs and gives any JSON, until more is said.
    pub fn new(name: impl Into<String>, version: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            version: version.into(),
            docs: String::new(),
            input_schema: Value::Object(Map::from_iter([("type".to_owned(), Value::from("object"))])),
            output_schema: Value::Object(Map::new()),
            resources: Vec::new(),
            deprecated: None,
            origin: String::new(),
        }
    }

    /// What it does.
    #[must_use]
    pub fn docs(self, docs: impl Into<String>) -> Self {
        Self { docs: docs.into(), ..self }
    }

    /// The JSON Schema of an object with its inputs by name.
    #[must_use]
    pub fn input_schema(self, schema: Value) -> Self {
        Self { input_schema: schema, ..self }
    }

    /// The JSON Schema of its output.
    #[must_use]
    pub fn output_schema(self, schema: Value) -> Self {
        Self { output_schema: schema, ..self }
    }

    /// Why it should not be used any more.
    #[must_use]
    pub fn deprecated(self, why: impl Into<String>) -> Self {
        Self { deprecated: Some(why.into()), ..self }
    }

    /// Where it comes from, for errors.
    #[must_use]
    pub fn origin(self, origin: impl Into<String>) -> Self {
        Self { origin: origin.into(), ..self }
    }

    pub(super) fn of<S: JsonInputs + JsonOutput>() -> Self {
        let NodeSpec { name, version, docs, resources, deprecated, file, line, .. } = S::SPEC;
        let since = |deprecated: &crate::graph::Deprecated| match (deprecated.since, deprecated.note) {
            ("", note) => note.to_owned(),
            (since, "") => format!("since {since}"),
            (since, note) => format!("since {since}: {note}"),
        };
        Self {
            docs: (*docs).to_owned(),
            input_schema: S::input_schema(),
            output_schema: object(S::output_schema()),
            resources: resources.iter().map(|ty| (*ty).to_owned()).collect(),
            deprecated: deprecated.as_ref().map(since),
            origin: format!("{file}:{line}"),
            ..Self::new(*name, *version)
        }
    }
}

/// What allows any JSON may be written as `true`; as an object it says the same.
fn object(schema: Value) -> Value {
    if schema == Value::Bool(true) { Value::Object(Map::new()) } else { schema }
}
