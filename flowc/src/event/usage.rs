use std::sync::Arc;
use std::time::Duration;

/// What a call of a model used up: tokens, and what they cost. A node tells it with [`Context::usage`](crate::Context::usage).
///
/// ```
/// use flowc::{Context, Usage};
///
/// async fn complete(prompt: &str, cx: &Context) -> String {
///     let reply = prompt.to_uppercase();
///     cx.usage(Usage::new("small-model").input_tokens(prompt.len() as u64).output_tokens(reply.len() as u64).cost(0.002));
///     reply
/// }
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Usage {
    /// The model that was asked.
    pub model: Arc<str>,
    /// Who runs it, by the name that OpenTelemetry's `gen_ai.provider.name` has for it, as `openai`.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub provider: Option<Arc<str>>,
    /// What the model did, by the name that OpenTelemetry's `gen_ai.operation.name` has for it, as `chat` or `embeddings`.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub operation: Option<Arc<str>>,
    /// By which name the model answered: mostly the one that was asked for with a date.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub response_model: Option<Arc<str>>,
    /// Why the reply ended, as `stop` or `length`.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub finish_reason: Option<Arc<str>>,
    /// How long the call took, where it was made with [`Context::model_call`](crate::Context::model_call).
    #[cfg_attr(
        feature = "serde",
        serde(
            default,
            rename = "duration_ms",
            skip_serializing_if = "Option::is_none",
            with = "crate::serial::millis_or_none"
        )
    )]
    pub duration: Option<Duration>,
    /// In one word why there was no reply. Then nothing is known of tokens and cost.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub error: Option<Arc<str>>,
    /// The tokens that it read.
    pub input_tokens: u64,
    /// The tokens that it wrote.
    pub output_tokens: u64,
    /// What the call cost, in the one currency that the application counts in.
    pub cost: f64,
}

impl Usage {
    /// Nothing used up yet.
    pub fn new(model: impl Into<Arc<str>>) -> Self {
        Self {
            model: model.into(),
            provider: None,
            operation: None,
            response_model: None,
            finish_reason: None,
            duration: None,
            error: None,
            input_tokens: 0,
            output_tokens: 0,
            cost: 0.0,
        }
    }

    /// Who runs the model, by the name that OpenTelemetry's `gen_ai.provider.name` has for it, as `openai`.
    #[must_use]
    pub fn provider(self, name: impl Into<Arc<str>>) -> Self {
        Self { provider: Some(name.into()), ..self }
    }

    /// By which name the model answered.
    #[must_use]
    pub fn response_model(self, name: impl Into<Arc<str>>) -> Self {
        Self { response_model: Some(name.into()), ..self }
    }

    /// Why the reply ended, as `stop` or `length`.
    #[must_use]
    pub fn finish_reason(self, reason: impl Into<Arc<str>>) -> Self {
        Self { finish_reason: Some(reason.into()), ..self }
    }

    /// The tokens that the model read.
    #[must_use]
    pub fn input_tokens(self, tokens: u64) -> Self {
        Self { input_tokens: tokens, ..self }
    }

    /// The tokens that the model wrote.
    #[must_use]
    pub fn output_tokens(self, tokens: u64) -> Self {
        Self { output_tokens: tokens, ..self }
    }

    /// What the call cost, in the one currency that the application counts in.
    #[must_use]
    pub fn cost(self, cost: f64) -> Self {
        Self { cost, ..self }
    }
}
