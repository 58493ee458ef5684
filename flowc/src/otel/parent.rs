//! The headers of W3C Trace Context, in and out.

use opentelemetry::Context;
use opentelemetry::trace::{SpanContext, SpanId, TraceContextExt, TraceFlags, TraceId, TraceState};
use tracing_opentelemetry::OpenTelemetrySpanExt;

/// Puts a span under the one that the headers name; they are good ones.
pub(crate) fn follow(span: &tracing::Span, header: &str, state: Option<&str>) {
    if let Some(remote) = read(header, state) {
        // It fails only where no layer is interested in the span.
        let _ = span.set_parent(Context::new().with_remote_span_context(remote));
    }
}

/// The headers for a call to the outside that is made inside of the current span, if that span is one of a trace.
pub(crate) fn current() -> Option<(String, Option<String>)> {
    let context = tracing::Span::current().context();
    let span = context.span();
    let span = span.span_context();
    let (trace, id, flags) = (span.trace_id(), span.span_id(), span.trace_flags().to_u8());
    let state = Some(span.trace_state().header()).filter(|state| !state.is_empty());
    span.is_valid().then(|| (format!("00-{trace}-{id}-{flags:02x}"), state))
}

fn read(header: &str, state: Option<&str>) -> Option<SpanContext> {
    let mut parts = header.split('-').skip(1);
    let trace = TraceId::from_hex(parts.next()?).ok()?;
    let span = SpanId::from_hex(parts.next()?).ok()?;
    let flags = TraceFlags::new(u8::from_str_radix(parts.next()?, 16).ok()?);
    let state = state.and_then(|state| state.parse().ok()).unwrap_or(TraceState::NONE);
    Some(SpanContext::new(trace, span, flags, true, state))
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn a_header_is_read() {
        let context = read("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", Some("a=1,b@c=2")).unwrap();
        assert_eq!(context.trace_id().to_string(), "0af7651916cd43dd8448eb211c80319c");
        assert_eq!(context.span_id().to_string(), "b7ad6b7169203331");
        assert!(context.is_sampled() && context.is_remote());
        assert_eq!(context.trace_state().header(), "a=1,b@c=2");
        assert!(!read("cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00-later", None).unwrap().is_sampled());
    }
}
