use std::any::type_name;
use std::fmt::{self, Display};
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;
use tracing::Level;
use tracing::field::Empty;

use super::names;
use crate::error::{AnyError, FailureKind, safely};
use crate::event::Usage;
use crate::graph::{GraphSpec, NodeSpec, VertexKind};
use crate::id::Identity;
use crate::run::At;

/// The longest text of an error that a span or a line of the log carries, in bytes: what a server answered may be a whole page.
const LONGEST: usize = 1024;

/// A span, or none where no subscriber wants one.
#[derive(Debug, Clone)]
pub(crate) struct Span(pub(super) tracing::Span);

/// The name of a span: what is done, and with what.
struct Named<'a>(&'static str, &'a str);

impl Display for Named<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.0, self.1)
    }
}

impl Span {
    pub(crate) fn none() -> Self {
        Self(tracing::Span::none())
    }

    /// The span of a run, inside of the one that is current where it is started.
    pub(crate) fn run(graph: &'static GraphSpec, run: &Identity) -> Self {
        // All that stands behind a `=` is evaluated only if somebody wants the span.
        let span = tracing::span!(
            target: names::TARGET,
            Level::INFO,
            "flowc.run",
            { names::OTEL_NAME } = %Named(names::INVOKE_WORKFLOW, graph.name),
            { names::OTEL_KIND } = "internal",
            { names::OTEL_STATUS_CODE } = Empty,
            { names::OTEL_STATUS_DESCRIPTION } = Empty,
            { names::OPERATION } = names::INVOKE_WORKFLOW,
            { names::AGENT } = graph.name,
            { names::WORKFLOW_BEFORE } = graph.name,
            { names::RUN_ID } = %run.id,
            { names::CORRELATION_ID } = run.correlation.as_deref(),
            { names::WORKFLOW } = graph.name,
            { names::OUTCOME } = Empty,
            { names::FAILURE_KIND } = Empty,
            { names::ERROR_TYPE } = Empty
        );
        #[cfg(feature = "otel")]
        if let Some(header) = &run.traceparent {
            crate::otel::follow(&span, header, run.tracestate.as_deref());
        }
        Self(span)
    }

    /// The span of a step, inside of the one that is current where it is polled first.
    pub(crate) fn step<X: Copy>(at: At<'_, X>, run: &Identity) -> Self {
        let (graph, spec) = spec_of(at);
        let called = Called::of(spec);
        Self(tracing::span!(
            target: names::TARGET,
            Level::INFO,
            "flowc.step",
            { names::OTEL_NAME } = %Named(called.operation(), at.node()),
            { names::OTEL_KIND } = "internal",
            { names::OTEL_STATUS_CODE } = Empty,
            { names::OTEL_STATUS_DESCRIPTION } = Empty,
            { names::OPERATION } = called.operation(),
            { names::AGENT } = called.workflow(),
            { names::WORKFLOW_BEFORE } = called.workflow(),
            { names::TOOL } = called.tool(),
            { names::TOOL_TYPE } = called.tool().map(|_| "function"),
            { names::REQUEST_MODEL } = Empty,
            { names::RESPONSE_MODEL } = Empty,
            { names::PROVIDER } = Empty,
            { names::FINISH_REASONS } = Empty,
            { names::INPUT_TOKENS } = Empty,
            { names::OUTPUT_TOKENS } = Empty,
            { names::RUN_ID } = %run.id,
            { names::CORRELATION_ID } = run.correlation.as_deref(),
            { names::WORKFLOW } = graph.name,
            { names::STEP } = %at.path(),
            { names::NODE } = at.node(),
            { names::NODE_VERSION } = spec.map(|spec| spec.version),
            { names::OUTCOME } = Empty,
            { names::FAILURE_KIND } = Empty,
            { names::ERROR_TYPE } = Empty
        ))
    }

    /// The span of one call of a node that may be called again.
    pub(super) fn attempt<X: Copy>(at: At<'_, X>) -> Self {
        Self(tracing::span!(
            target: names::TARGET,
            Level::INFO,
            "flowc.attempt",
            { names::OTEL_NAME } = "attempt",
            { names::OTEL_KIND } = "internal",
            { names::OTEL_STATUS_CODE } = Empty,
            { names::OTEL_STATUS_DESCRIPTION } = Empty,
            { names::REQUEST_MODEL } = Empty,
            { names::RESPONSE_MODEL } = Empty,
            { names::PROVIDER } = Empty,
            { names::FINISH_REASONS } = Empty,
            { names::INPUT_TOKENS } = Empty,
            { names::OUTPUT_TOKENS } = Empty,
            { names::STEP } = %at.path(),
            { names::NODE } = at.node(),
            { names::ATTEMPT } = i64::from(at.attempts()),
            { names::OUTCOME } = Empty,
            { names::FAILURE_KIND } = Empty,
            { names::ERROR_TYPE } = Empty
        ))
    }

    /// The span of one call of a model, inside of the one that is current.
    pub(crate) fn model(operation: &'static str, model: &str, provider: Option<&str>, step: &str) -> Self {
        Self(tracing::span!(
            target: names::TARGET,
            Level::INFO,
            "flowc.model",
            { names::OTEL_NAME } = %Named(operation, model),
            { names::OTEL_KIND } = "client",
            { names::OTEL_STATUS_CODE } = Empty,
            { names::OTEL_STATUS_DESCRIPTION } = Empty,
            { names::OPERATION } = operation,
            { names::PROVIDER } = provider,
            { names::REQUEST_MODEL } = model,
            { names::RESPONSE_MODEL } = Empty,
            { names::FINISH_REASONS } = Empty,
            { names::INPUT_TOKENS } = Empty,
            { names::OUTPUT_TOKENS } = Empty,
            { names::STEP } = step,
            { names::OUTCOME } = Empty,
            { names::ERROR_TYPE } = Empty
        ))
    }

    /// What the model that it stands for used up.
    pub(crate) fn used(&self, usage: &Usage) {
        note(&self.0, usage);
    }

    /// What it stands for failed, for a reason of this class.
    pub(crate) fn broke(&self, class: &str, error: &dyn Display) {
        if self.0.is_disabled() {
            return;
        }
        self.0.record(names::OUTCOME, "failed");
        self.0.record(names::ERROR_TYPE, class);
        self.0.record(names::OTEL_STATUS_CODE, "ERROR");
        let text = safely(|| error.to_string());
        self.0.record(names::OTEL_STATUS_DESCRIPTION, short(&text));
    }

    /// Does something while it is the current one.
    #[inline]
    pub(crate) fn inside<T>(&self, work: impl FnOnce() -> T) -> T {
        self.0.in_scope(work)
    }

    /// The future, polled inside of the span.
    pub(crate) fn around<F: Future>(&self, future: F) -> Within<F> {
        Within { span: Span(self.0.clone()), future }
    }

    /// What it stands for came to its end.
    pub(crate) fn done(&self) {
        self.0.record(names::OUTCOME, "done");
    }

    /// What it stands for was dropped on the way.
    pub(crate) fn cancelled(&self) {
        self.0.record(names::OUTCOME, "cancelled");
    }

    /// What it stands for failed; `E` is the error of the node.
    pub(crate) fn failed<E>(&self, kind: FailureKind, error: impl FnOnce() -> String) {
        // The text is made only for who wants it.
        if self.0.is_disabled() {
            return;
        }
        self.0.record(names::OUTCOME, "failed");
        self.0.record(names::FAILURE_KIND, kind.as_str());
        self.0.record(names::ERROR_TYPE, error_type::<E>(kind));
        self.0.record(names::OTEL_STATUS_CODE, "ERROR");
        let text = safely(error);
        self.0.record(names::OTEL_STATUS_DESCRIPTION, short(&text));
    }
}

/// The text of an error, or its beginning.
pub(super) fn short(text: &str) -> &str {
    let end = (0..=LONGEST.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
    end.and_then(|end| text.get(..end)).unwrap_or(text)
}

/// Notes on the current span what a model used up.
pub(crate) fn used(usage: &Usage) {
    note(&tracing::Span::current(), usage);
}

fn note(span: &tracing::Span, usage: &Usage) {
    if !span.is_disabled() {
        span.record(names::REQUEST_MODEL, &*usage.model);
        if let Some(provider) = &usage.provider {
            span.record(names::PROVIDER, &**provider);
        }
        if let Some(model) = &usage.response_model {
            span.record(names::RESPONSE_MODEL, &**model);
        }
        if let Some(reason) = &usage.finish_reason {
            span.record(names::FINISH_REASONS, &**reason);
        }
        span.record(names::INPUT_TOKENS, i64::try_from(usage.input_tokens).unwrap_or(i64::MAX));
        span.record(names::OUTPUT_TOKENS, i64::try_from(usage.output_tokens).unwrap_or(i64::MAX));
    }
}

/// The headers `traceparent` and `tracestate` for a call to the outside that is made inside of the current span, if that span is one
/// of a trace.
pub(crate) fn headers() -> Option<(String, Option<String>)> {
    #[cfg(feature = "otel")]
    let headers = crate::otel::current();
    #[cfg(not(feature = "otel"))]
    let headers = None;
    headers
}

/// A class of errors with few members: the type of the node's own error, or else the kind of the failure.
fn error_type<E>(kind: FailureKind) -> &'static str {
    let class = type_name::<E>();
    // The error of a workflow is that of any of its nodes, and its type is no longer known.
    if kind == FailureKind::Error && class != type_name::<AnyError>() { class } else { kind.as_str() }
}

/// The workflow that a step stands in, and what the step calls.
fn spec_of<X: Copy>(at: At<'_, X>) -> (&'static GraphSpec, Option<&'static NodeSpec>) {
    let (graph, _) = at.frame.workflow_here();
    let vertex = at.found().and_then(|vertex| graph.vertices.get(vertex as usize));
    match vertex.map(|vertex| vertex.kind) {
        Some(VertexKind::Step { node, .. }) => (graph, Some(node)),
        _ => (graph, None),
    }
}

/// What a step calls, in the words of the conventions.
enum Called {
    Workflow(&'static str),
    Tool(&'static str),
}

impl Called {
    fn of(spec: Option<&'static NodeSpec>) -> Self {
        match spec {
            Some(spec) if spec.is_workflow() => Self::Workflow(spec.name),
            Some(spec) => Self::Tool(spec.name),
            None => Self::Tool(""),
        }
    }

    fn operation(&self) -> &'static str {
        match self {
            Self::Workflow(_) => names::INVOKE_WORKFLOW,
            Self::Tool(_) => names::EXECUTE_TOOL,
        }
    }

    fn workflow(&self) -> Option<&'static str> {
        match self {
            Self::Workflow(name) => Some(name),
            Self::Tool(_) => None,
        }
    }

    fn tool(&self) -> Option<&'static str> {
        match self {
            Self::Workflow(_) => None,
            Self::Tool(name) => Some(name),
        }
    }
}

pin_project! {
    /// A future that is polled inside of a span.
    pub(crate) struct Within<F> {
        span: Span,
        #[pin]
        future: F,
    }
}

impl<F: Future> Future for Within<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        this.span.inside(|| this.future.poll(task))
    }
}

/// The future, for another task: it goes on inside of the span that is current here.
pub(crate) fn carried<F: Future>(future: F) -> Within<F> {
    Within { span: Span(tracing::Span::current()), future }
}

/// The call, for another thread: it is made inside of the span that is current here.
pub(crate) fn carried_call<T>(call: impl FnOnce() -> T) -> impl FnOnce() -> T {
    let span = tracing::Span::current();
    move || span.in_scope(call)
}
