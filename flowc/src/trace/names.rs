//! The names that spans and their attributes have, all in one place.
//!
//! What the semantic conventions of OpenTelemetry for generative AI have a name for is named by them; everything else begins
//! with `flowc.`. The conventions are still in development, so their release is pinned here, and public as `flowc::otel::CONVENTIONS`.

/// The release of OpenTelemetry's `semantic-conventions-genai` that the names of spans and attributes come from. The conventions are
/// still in development; a later release may name things differently.
#[cfg(feature = "otel")]
pub const CONVENTIONS: &str = "0.1.0";

/// The target of every span and every log line.
pub(crate) const TARGET: &str = "flowc";

// What tracing-opentelemetry reads.
pub(crate) const OTEL_NAME: &str = "otel.name";
pub(crate) const OTEL_KIND: &str = "otel.kind";
pub(crate) const OTEL_STATUS_CODE: &str = "otel.status_code";
pub(crate) const OTEL_STATUS_DESCRIPTION: &str = "otel.status_description";

// OpenTelemetry's own.
pub(crate) const ERROR_TYPE: &str = "error.type";
pub(crate) const OPERATION: &str = "gen_ai.operation.name";
pub(crate) const AGENT: &str = "gen_ai.agent.name";
/// What the release before that one called [`AGENT`] for a workflow; products still look for it.
pub(crate) const WORKFLOW_BEFORE: &str = "gen_ai.workflow.name";
pub(crate) const TOOL: &str = "gen_ai.tool.name";
pub(crate) const TOOL_TYPE: &str = "gen_ai.tool.type";
pub(crate) const REQUEST_MODEL: &str = "gen_ai.request.model";
pub(crate) const PROVIDER: &str = "gen_ai.provider.name";
pub(crate) const FINISH_REASONS: &str = "gen_ai.response.finish_reasons";
pub(crate) const RESPONSE_MODEL: &str = "gen_ai.response.model";
pub(crate) const INPUT_TOKENS: &str = "gen_ai.usage.input_tokens";
pub(crate) const OUTPUT_TOKENS: &str = "gen_ai.usage.output_tokens";

// The values of `OPERATION`, with which the names of spans begin.
pub(crate) const INVOKE_WORKFLOW: &str = "invoke_workflow";
pub(crate) const EXECUTE_TOOL: &str = "execute_tool";

// Ours.
pub(crate) const RUN_ID: &str = "flowc.run.id";
pub(crate) const CORRELATION_ID: &str = "flowc.correlation.id";
pub(crate) const WORKFLOW: &str = "flowc.workflow";
pub(crate) const STEP: &str = "flowc.step";
pub(crate) const NODE: &str = "flowc.node";
pub(crate) const NODE_VERSION: &str = "flowc.node.version";
pub(crate) const ATTEMPT: &str = "flowc.attempt";
pub(crate) const OUTCOME: &str = "flowc.outcome";
pub(crate) const FAILURE_KIND: &str = "flowc.failure.kind";
pub(crate) const ELAPSED: &str = "flowc.elapsed_ms";
