//! A call of a model, as spans and metrics have it.

use std::fmt::{self, Display};
use std::future::Future;
use std::sync::Arc;

use tokio::time::Instant;

use crate::context::Context;
use crate::event::Usage;
use crate::trace::Span;

/// One call of a model, from [`Context::model_call`] to its end.
///
/// It has a span of its own inside of the step's, `chat small-model` say, and its time is counted, both by the names of OpenTelemetry's
/// conventions for generative AI. Nothing of what the model is asked or says is in either. Dropped without an end, it was cancelled.
///
/// ```
/// use flowc::{Context, Usage};
///
/// async fn complete(prompt: &str, cx: &Context) -> Result<String, std::io::Error> {
///     let call = cx.model_call("chat", "small-model", Some("openai"));
///     // What is done in here, a request over HTTP say, has its spans inside of this one.
///     let reply: Result<_, std::io::Error> = call.around(async { Ok(prompt.to_uppercase()) }).await;
///     match &reply {
///         Ok(reply) => call.done(Usage::new("small-model").input_tokens(prompt.len() as u64).output_tokens(reply.len() as u64)),
///         Err(error) => call.failed("connect", error),
///     }
///     reply
/// }
/// ```
#[must_use = "a call that is dropped is told as cancelled"]
pub struct ModelCall<'c> {
    context: &'c Context,
    operation: &'static str,
    model: Arc<str>,
    provider: Option<Arc<str>>,
    span: Span,
    started: Instant,
    ended: bool,
}

impl fmt::Debug for ModelCall<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { operation, model, .. } = self;
        f.debug_struct("ModelCall").field("operation", operation).field("model", model).finish_non_exhaustive()
    }
}

impl<'c> ModelCall<'c> {
    pub(crate) fn new(context: &'c Context, operation: &'static str, model: &str, provider: Option<&str>) -> Self {
        let span = Span::model(operation, model, provider, context.step());
        let (model, provider) = (model.into(), provider.map(Into::into));
        Self { context, operation, model, provider, span, started: Instant::now(), ended: false }
    }

    /// The future, polled inside of the span.
    pub fn around<F: Future>(&self, call: F) -> impl Future<Output = F::Output> + use<F> {
        self.span.around(call)
    }

    /// There is a reply. What it used up is told as [`Context::usage`] does, but on this span and not on the step's.
    pub fn done(mut self, usage: Usage) {
        self.ended = true;
        self.span.used(&usage);
        self.span.done();
        let usage = self.of_this(usage);
        self.context.tell(usage);
    }

    /// There is none: `class` is a word for what went wrong of which there are few, as `timeout` or `429`.
    pub fn failed(mut self, class: &str, error: &dyn Display) {
        self.ended = true;
        self.span.broke(class, error);
        let usage = Usage { error: Some(class.into()), ..self.of_this(Usage::new(Arc::clone(&self.model))) };
        self.context.tell(usage);
    }

    fn of_this(&self, usage: Usage) -> Usage {
        Usage {
            operation: Some(self.operation.into()),
            provider: usage.provider.or_else(|| self.provider.clone()),
            duration: Some(self.started.elapsed()),
            ..usage
        }
    }
}

impl Drop for ModelCall<'_> {
    fn drop(&mut self) {
        if !self.ended {
            self.span.cancelled();
        }
    }
}
