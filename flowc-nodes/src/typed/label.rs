//! One of several labels.

use flowc::{Context, node};
use serde::Deserialize;
use serde_json::{Value, json};

use super::answer::read;
use super::{Asking, Extracting};
use crate::Prompt;
use crate::model::{ChatModel, ModelError, ModelErrorKind};

/// Asks the application's model which label fits a text: a step whose output is one variant of the enum `L`.
///
/// The model is told the names of the variants, and their doc comments as what they mean. An answer that is none of them is shown to
/// it once, as [`extract`](crate::extract()) does. A `match` on the output must have an arm for each label.
///
/// ```
/// use flowc::workflow;
/// use flowc_nodes::classify;
/// use schemars::JsonSchema;
/// use serde::Deserialize;
///
/// #[derive(Deserialize, JsonSchema)]
/// #[serde(rename_all = "snake_case")]
/// enum Intent {
///     /// Invoices, payments, refunds.
///     Billing,
///     /// Something does not work.
///     Technical,
///     /// Everything else.
///     Other,
/// }
///
/// workflow! {
///     pub fn desk(letter: String) -> String {
///         match classify::<Intent>(&letter) {
///             Intent::Billing => "the accountants".to_owned(),
///             Intent::Technical => "the engineers".to_owned(),
///             Intent::Other => "a person".to_owned(),
///         }
///     }
/// }
/// ```
///
/// # Errors
/// [`ModelErrorKind::Schema`] with all labels, if the second answer is none of them either; [`ModelErrorKind::Config`], if `L` is no enum
/// of variants without fields; else as for [`extract`](crate::extract()).
#[node(__lifts)]
pub async fn classify<L: Send + 'static>(
    text: Asking<'_, L, str>,
    #[resource] model: &dyn ChatModel,
    #[context] cx: &Context,
) -> Result<L, ModelError> {
    let Asking { asked: text, kind } = text;
    let labels = labels(&(kind.schema)(), kind.name)
        .map_err(|problem| ModelError::new(model.name(), ModelErrorKind::Config { problem }))?;
    let names: Vec<&str> = labels.iter().map(|label| label.name.as_str()).collect();
    // The root is an object, as some providers bind replies to nothing else.
    let schema = json!({
        "type": "object",
        "properties": { "label": { "type": "string", "enum": names } },
        "required": ["label"],
        "additionalProperties": false,
    });
    let request = Choosing { text, labels: &labels }.request();
    let choice = Extracting::bound_to(model, schema, kind.name, read::<Choice>)?.ask(&request, cx).await;
    let none = || {
        let problems = vec![format!("it is none of the labels `{}`", names.join("`, `"))];
        ModelError::new(model.name(), ModelErrorKind::Schema { problems })
    };
    match choice {
        Ok(choice) => (kind.read)(Value::String(choice.label)).map_err(|_| none()),
        Err(error) if matches!(error.kind(), ModelErrorKind::Schema { .. }) => Err(none()),
        Err(error) => Err(error),
    }
}

#[derive(Prompt)]
#[prompt(
    system = "
        Choose the one label that fits the text of the person best. The labels are:
        {#for label in labels}
        - {label.name}{#if let Some(meaning) = label.meaning}: {meaning}{/if}
        {/for}
    ",
    user = "{text}"
)]
struct Choosing<'a> {
    text: &'a str,
    labels: &'a [Label],
}

#[derive(Deserialize)]
struct Choice {
    label: String,
}

#[derive(Debug, PartialEq)]
struct Label {
    name: String,
    meaning: Option<String>,
}

/// The variants of an enum, as its schema has them.
fn labels(schema: &Value, name: fn() -> String) -> Result<Vec<Label>, String> {
    let mut labels = Vec::new();
    let parts = match schema.get("oneOf").and_then(Value::as_array) {
        Some(parts) => parts.iter().collect(),
        None => vec![schema],
    };
    for part in parts {
        let meaning = part.get("description").and_then(Value::as_str);
        let one = part.get("const").and_then(Value::as_str);
        let several = part.get("enum").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let before = labels.len();
        labels.extend(one.map(|name| Label {
            name: name.to_owned(),
            meaning: meaning.map(|meaning| meaning.split_whitespace().collect::<Vec<_>>().join(" ")),
        }));
        labels.extend(
            several.iter().filter_map(Value::as_str).map(|name| Label { name: name.to_owned(), meaning: None }),
        );
        if labels.len() == before {
            return Err(format!("`{}` has no labels: it must be an enum of variants without fields", name()));
        }
    }
    Ok(labels)
}

#[cfg(test)]
mod tests {
    use schemars::JsonSchema;

    use super::super::Answer;
    use super::*;

    fn labels<L: Answer>() -> Result<Vec<Label>, String> {
        super::labels(&L::schema(), L::name)
    }

    #[derive(Deserialize, JsonSchema)]
    #[serde(rename_all = "snake_case")]
    #[allow(dead_code, reason = "only its schema is looked at")]
    enum Intent {
        /// Invoices,
        /// payments.
        Billing,
        TechnicalTrouble,
        Other,
    }

    #[derive(Deserialize, JsonSchema)]
    #[allow(dead_code, reason = "only its schema is looked at")]
    enum Plain {
        A,
        B,
    }

    #[derive(Deserialize, JsonSchema)]
    #[allow(dead_code, reason = "only its schema is looked at")]
    enum Loaded {
        A,
        B(u32),
    }

    #[test]
    fn labels_are_the_variants_with_their_docs() {
        let mut found = labels::<Intent>().unwrap();
        found.sort_by(|one, other| one.name.cmp(&other.name));
        let label = |name: &str, meaning: Option<&str>| Label { name: name.into(), meaning: meaning.map(Into::into) };
        let expected =
            [label("billing", Some("Invoices, payments.")), label("other", None), label("technical_trouble", None)];
        assert_eq!(found, expected);
        assert_eq!(labels::<Plain>().unwrap(), [label("A", None), label("B", None)]);
        let text = Choosing { text: "x", labels: &expected }.system().unwrap_or_default();
        assert!(text.contains("- billing: Invoices, payments.\n- other\n"), "{text}");
    }

    #[test]
    fn what_has_no_labels_is_refused() {
        for problem in [labels::<Loaded>(), labels::<u32>(), labels::<Option<String>>()] {
            assert!(problem.unwrap_err().contains("variants without fields"));
        }
    }
}
