//! A workflow as a tool, its types no longer known.

use std::pin::Pin;
use std::sync::Arc;

use flowc::schema::{InputError, Inputs, JsonInputs, JsonOutput, owned};
use flowc::{CancelToken, Engine, Events, Failure, Problem, ResourcesFrom, Workflow};
use rmcp::model::{JsonObject, Tool, ToolAnnotations};
use serde_json::{Value, json};

/// What a client is told of a tool besides what the workflow says by itself.
///
/// ```
/// use flowc_mcp::server::ToolOptions;
///
/// let options = ToolOptions::new().name("weather.forecast").title("Forecast").read_only(true);
/// # let _ = options;
/// ```
#[derive(Debug, Clone, Default)]
#[must_use = "options do nothing until a workflow is served with them"]
pub struct ToolOptions {
    name: Option<String>,
    title: Option<String>,
    hints: ToolHints,
}

#[derive(Debug, Clone, Copy, Default)]
struct ToolHints {
    read_only: Option<bool>,
    destructive: Option<bool>,
    idempotent: Option<bool>,
    open_world: Option<bool>,
}

impl ToolOptions {
    /// Nothing but what the workflow says.
    pub fn new() -> Self {
        Self::default()
    }

    /// Another name than that of the workflow.
    pub fn name(self, name: impl Into<String>) -> Self {
        Self { name: Some(name.into()), ..self }
    }

    /// A name for people.
    pub fn title(self, title: impl Into<String>) -> Self {
        Self { title: Some(title.into()), ..self }
    }

    /// It changes nothing.
    pub fn read_only(mut self, yes: bool) -> Self {
        self.hints.read_only = Some(yes);
        self
    }

    /// What it changes may be lost.
    pub fn destructive(mut self, yes: bool) -> Self {
        self.hints.destructive = Some(yes);
        self
    }

    /// Calling it twice with the same arguments does what calling it once does.
    pub fn idempotent(mut self, yes: bool) -> Self {
        self.hints.idempotent = Some(yes);
        self
    }

    /// It reaches out into the world.
    pub fn open_world(mut self, yes: bool) -> Self {
        self.hints.open_world = Some(yes);
        self
    }
}

/// What a run is given by the call that starts it.
pub(super) struct Start {
    /// The call's own id, by which the run finds its client.
    pub(super) call: String,
    pub(super) traceparent: Option<String>,
    pub(super) timeout: Option<std::time::Duration>,
    pub(super) cancel: CancelToken,
}

/// How a run ended.
pub(super) type Outcome = Result<Value, Broken>;

/// A run that gave no value.
pub(super) struct Broken {
    pub(super) text: String,
    pub(super) problem: Option<Value>,
}

/// A run under way. It is cancelled when this goes.
pub(super) struct Started {
    pub(super) events: Events,
    pub(super) result: Pin<Box<dyn Future<Output = Outcome> + Send>>,
}

type StartFn = dyn Fn(Value, Start) -> Result<Started, InputError> + Send + Sync;

/// A workflow as a tool.
#[derive(Clone)]
pub(super) struct Served {
    pub(super) tool: Tool,
    /// Results that are no objects stand under this name in one.
    pub(super) wrapped: bool,
    /// It gives nothing.
    pub(super) silent: bool,
    /// How many steps it has, if each of them runs once.
    pub(super) steps: Option<u32>,
    pub(super) start: Arc<StartFn>,
}

/// The name under which a result stands that is no object.
pub(super) const RESULT: &str = "result";

impl Served {
    pub(super) fn new<W, R>(engine: &Engine<R>, options: ToolOptions) -> Self
    where
        R: Send + Sync + 'static,
        W: Workflow + ResourcesFrom<R> + JsonInputs + JsonOutput + Inputs<Owned: Send + 'static, Held: Send>,
        for<'x> W::Resources<'x>: Send,
    {
        let (output, silent) = (W::output_schema(), is_null(&W::output_schema()));
        let wrapped = !silent && output.get("type").and_then(Value::as_str) != Some("object");
        let output = if wrapped { wrap_schema(output) } else { output };
        let ToolOptions { name, title, hints } = options;
        let docs = (!W::SPEC.docs.is_empty()).then_some(W::SPEC.docs.into());
        let name = name.unwrap_or_else(|| W::SPEC.name.to_owned());
        let mut tool = Tool::new_with_raw(name, docs, object(W::input_schema()));
        tool.title = title;
        tool.output_schema = (!silent).then(|| Arc::new(object(output)));
        let ToolHints { read_only, destructive, idempotent, open_world } = hints;
        if read_only.or(destructive).or(idempotent).or(open_world).is_some() {
            tool.annotations = Some(ToolAnnotations::from_raw(None, read_only, destructive, idempotent, open_world));
        }
        let engine = engine.clone();
        let start = move |inputs: Value, start: Start| {
            let inputs = W::inputs_from_json(inputs)?;
            let mut run = owned::<W>(inputs).correlation_id(start.call).cancel_on(&start.cancel);
            if let Some(header) = &start.traceparent {
                run = run.traceparent(header);
            }
            if let Some(limit) = start.timeout {
                run = run.timeout(limit);
            }
            let run = engine.start(run);
            let events = run.events();
            let result = async move {
                match run.await {
                    Ok(output) => W::output_to_json(&output).map_err(|error| Broken {
                        text: format!("the result of `{}` cannot be written as JSON: {error}", W::SPEC.name),
                        problem: None,
                    }),
                    Err(failure) => Err(broken(&failure)),
                }
            };
            Ok(Started { events, result: Box::pin(result) })
        };
        Self { tool, wrapped, silent, steps: super::progress::steps(W::GRAPH), start: Arc::new(start) }
    }
}

/// What a client reads of a failure: what happened and what can be done, and the same as a problem for programs.
fn broken(failure: &Failure) -> Broken {
    let problem: Problem = failure.problem();
    let (detail, help) = (&problem.detail, &problem.help);
    let text = if help.is_empty() { detail.clone() } else { format!("{detail}\nhelp: {help}") };
    Broken { text, problem: serde_json::to_value(&problem).ok() }
}

fn is_null(schema: &Value) -> bool {
    schema.get("type").and_then(Value::as_str) == Some("null")
}

/// Definitions stand at the root, where the references in the schema look for them.
fn wrap_schema(mut schema: Value) -> Value {
    let definitions = schema.as_object_mut().and_then(|schema| schema.remove("$defs"));
    let mut wrapped = json!({ "type": "object", "properties": { RESULT: schema }, "required": [RESULT] });
    if let (Some(definitions), Some(wrapped)) = (definitions, wrapped.as_object_mut()) {
        wrapped.insert("$defs".to_owned(), definitions);
    }
    wrapped
}

fn object(value: Value) -> JsonObject {
    match value {
        Value::Object(object) => object,
        _ => JsonObject::new(),
    }
}
