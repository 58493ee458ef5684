//! Arguments, compared with the schema of their tool before they are sent.

use jsonschema::Validator;
use serde_json::Value;

use super::Tool;

/// A tool, with its schema made ready.
pub(super) struct Checked {
    pub(super) tool: Tool,
    /// Nothing, if the schema itself cannot be read: then the server has to find out what is wrong.
    validator: Option<Validator>,
}

/// More problems than this help nobody.
const MOST: usize = 8;

impl Checked {
    pub(super) fn new(tool: Tool) -> Self {
        let validator = jsonschema::options().build(&tool.input_schema);
        let validator =
            validator.inspect_err(|error| tracing::debug!(tool = tool.name, %error, "its schema cannot be read")).ok();
        Self { tool, validator }
    }

    /// What is wrong with the arguments.
    pub(super) fn problems(&self, arguments: &Value) -> Vec<String> {
        let Some(validator) = &self.validator else { return Vec::new() };
        let told = |error: jsonschema::ValidationError<'_>| match error.instance_path().to_string() {
            path if path.is_empty() => error.to_string(),
            path => format!("`{path}`: {error}"),
        };
        validator.iter_errors(arguments).take(MOST).map(told).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn problems(schema: Value, arguments: &Value) -> Vec<String> {
        Checked::new(Tool { input_schema: schema, ..Tool::default() }).problems(arguments)
    }

    #[test]
    fn every_problem_is_told_with_its_place() {
        let schema =
            json!({ "type": "object", "properties": { "city": { "type": "string" } }, "required": ["city", "days"] });
        let found = problems(schema, &json!({ "city": 5 }));
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found.contains(&"`/city`: 5 is not of type \"string\"".to_owned()), "{found:?}");
        assert!(found.contains(&"\"days\" is a required property".to_owned()), "{found:?}");
    }

    #[test]
    fn a_schema_that_cannot_be_read_is_left_to_the_server() {
        assert_eq!(problems(json!({ "type": 5 }), &json!({})), [""; 0]);
        assert_eq!(problems(json!({ "$ref": "https://schemas.example/a.json" }), &json!({})), [""; 0]);
    }
}
