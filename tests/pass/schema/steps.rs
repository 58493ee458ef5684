#![deny(warnings)]
//! Whatever a step takes, it compiles as long as nobody asks for its JSON; what can be asked for can be had.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

use flowc::schema::{self, Inputs, JsonInputs, JsonOutput};
use flowc::{Engine, node, workflow};
use serde_json::json;

trait Model: Send + Sync {
    fn say(&self) -> String;
}
type Text = str;
type Object = dyn Model;

#[node]
fn never_json(model: &dyn Model, alias: &Object, name: Option<&str>, text: Cow<'_, str>) -> String {
    format!("{}{}{name:?}{text}", model.say(), alias.say())
}
#[node]
fn not_sized<T: ?Sized + ToString>(value: &T) -> String {
    value.to_string()
}
#[node]
fn of_any<T: Clone>(value: &T, other: T) -> (T, T) {
    (value.clone(), other)
}
#[node]
fn for_ever(text: &'static str) -> usize {
    text.len()
}
#[node(blocking)]
fn away(bytes: Vec<u8>) -> usize {
    bytes.len()
}

#[derive(serde::Deserialize, serde::Serialize, schemars::JsonSchema)]
struct Query {
    /// What is looked for.
    words: Vec<String>,
    weights: Option<BTreeMap<String, f64>>,
}

#[node]
fn find(
    /// What to find.
    query: &Query,
    folder: &Path,
    lines: &[String],
    r#type: &Text,
    _: u8,
    #[allow(unused_variables)] most: Option<usize>,
) -> Query {
    let words = query.words.iter().filter(|word| lines.contains(word)).cloned();
    Query { words: words.chain([folder.display().to_string(), r#type.to_owned()]).collect(), weights: None }
}

workflow! {
    /// Finds something.
    fn found<T: Clone>(
        /// What to find.
        query: &Query,
        lines: &[String],
        r#type: &str,
        most: Option<usize>,
        other: T,
    ) -> (Query, T) {
        let found = find(query, Path::new("/tmp"), lines, r#type, 1, most);
        (found, other)
    }
}

fn owned<S: Inputs>(_: S::Owned) {}

fn main() {
    owned::<of_any<u8>>((1, 2));
    owned::<for_ever>(("ever",));
    owned::<away>((vec![1],));
    owned::<not_sized<str>>(("text".to_owned(),));

    let schema = found::<bool>::input_schema();
    assert_eq!(schema["required"], json!(["query", "lines", "type", "other"]));
    assert_eq!(schema["properties"]["query"]["description"], "What to find.");
    assert_eq!(schema["$defs"]["Query"]["properties"]["words"]["description"], "What is looked for.");
    let inputs = json!({ "query": { "words": ["a", "b"] }, "lines": ["b"], "type": "t", "other": true });
    let inputs = found::<bool>::inputs_from_json(inputs).unwrap();

    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let output = runtime.block_on(async {
        let engine = Engine::builder().resources(()).build();
        engine.start(schema::owned::<found<bool>>(inputs)).await.unwrap()
    });
    let json = found::<bool>::output_to_json(&output).unwrap();
    assert_eq!(json, json!([{ "words": ["b", "/tmp", "t"], "weights": null }, true]));
}
