use schemars::generate::SchemaSettings;
use serde_json::{Map, Value};

use super::error::What;
use super::{InputError, InputTuple, Inputs};

/// A step whose inputs can be read from JSON. All are whose inputs own their data once they are taken by value, and have
/// `#[derive(serde::Deserialize, schemars::JsonSchema)]`; see the [module](super).
///
/// ```
/// use flowc::schema::JsonInputs;
/// use serde_json::json;
///
/// #[derive(serde::Deserialize, schemars::JsonSchema)]
/// struct Query {
///     words: Vec<String>,
/// }
///
/// #[flowc::node]
/// fn search(query: &Query, most: Option<usize>) -> String {
///     format!("{} words, {most:?}", query.words.len())
/// }
///
/// let schema = search::input_schema();
/// assert_eq!(schema["required"], json!(["query"]));
/// let (query, most) = search::inputs_from_json(json!({ "query": { "words": ["cat"] } })).unwrap();
/// assert_eq!(search(&query, most), "1 words, None");
///
/// let error = search::inputs_from_json(json!({ "query": { "words": ["cat", 3] } })).err().unwrap();
/// assert_eq!(error.to_string(), "input `query.words[1]` of `search`: invalid type: integer `3`, expected a string");
/// ```
// What is wrong with a single input is said of that one; this stands where there is no owned form to look at.
#[diagnostic::on_unimplemented(
    message = "the inputs of `{Self}` have no owned form",
    label = "its inputs cannot come from outside",
    note = "an input that borrows inside, as `Option<&str>` does, cannot: take it by value, or by one `&` as a whole"
)]
pub trait JsonInputs: Inputs {
    /// The schema of an object with the inputs by name. An input that is an `Option` need not be given. What stands in the doc comment
    /// of a parameter is its description.
    fn input_schema() -> Value;

    /// The inputs out of an object with them by name.
    ///
    /// # Errors
    /// It is no object, an input is missing or of another type, or there is no input of a name.
    fn inputs_from_json(json: Value) -> Result<Self::Owned, InputError>;
}

impl<S: Inputs> JsonInputs for S
where
    S::Owned: InputTuple<S>,
{
    fn input_schema() -> Value {
        let mut schemas = SchemaSettings::draft2020_12().into_generator();
        let names = S::SPEC.inputs;
        let (mut properties, mut required) = (Map::new(), Vec::new());
        for (input, (mut schema, needed)) in names.iter().zip(S::Owned::schemas(&mut schemas)) {
            if !input.docs.is_empty() {
                schema.insert("description".to_owned(), input.docs.into());
            }
            properties.insert(input.name.to_owned(), schema.into());
            if needed {
                required.push(Value::from(input.name));
            }
        }
        let mut object = Map::new();
        object.insert("type".to_owned(), "object".into());
        object.insert("properties".to_owned(), properties.into());
        if !required.is_empty() {
            object.insert("required".to_owned(), required.into());
        }
        object.insert("additionalProperties".to_owned(), false.into());
        let definitions = schemas.take_definitions(true);
        if !definitions.is_empty() {
            object.insert("$defs".to_owned(), definitions.into());
        }
        object.into()
    }

    fn inputs_from_json(json: Value) -> Result<Self::Owned, InputError> {
        let wrong = |what| InputError { step: S::SPEC, what };
        let mut json = match json {
            Value::Object(json) => json,
            json => return Err(wrong(What::NoObject { found: name(&json) })),
        };
        // A misspelled name is told of before the name that it leaves missing.
        let known = |given: &&String| S::SPEC.inputs.iter().any(|input| input.name == given.as_str());
        if let Some(input) = json.keys().find(|given| !known(given)) {
            return Err(wrong(What::Unknown { input: input.clone() }));
        }
        S::Owned::read(&mut json, S::SPEC)
    }
}

fn name(json: &Value) -> &'static str {
    match json {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}
