//! A subscriber that keeps what it sees: every span with all of its fields, and every log line.

use std::fmt::Debug;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry::{LookupSpan, Registry};

use crate::tree::Seen;

/// What was seen.
#[derive(Debug, Clone, Default)]
pub struct Capture(Arc<Mutex<Kept>>);

#[derive(Debug, Default)]
struct Kept {
    spans: Vec<Seen>,
    lines: Vec<Line>,
}

/// A line of a log.
#[derive(Debug, Clone)]
pub struct Line {
    pub level: Level,
    pub target: String,
    pub message: String,
    /// The other fields, as `name=value`.
    pub fields: Vec<String>,
}

impl Capture {
    /// One for this thread, until the guard is dropped. It wants everything.
    pub fn here() -> (Self, tracing::subscriber::DefaultGuard) {
        let capture = Self::default();
        let guard = tracing::subscriber::set_default(Registry::default().with(capture.clone()));
        (capture, guard)
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The spans, in the order in which they began.
    pub fn spans(&self) -> Vec<Seen> {
        self.kept().spans.clone()
    }

    /// The log.
    pub fn lines(&self) -> Vec<Line> {
        self.kept().lines.clone()
    }
}

impl<S: Subscriber + for<'span> LookupSpan<'span>> Layer<S> for Capture {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, cx: Context<'_, S>) {
        let parent = cx.span(id).and_then(|span| span.parent().map(|parent| parent.id()));
        let mut seen = Seen {
            id: number(id),
            parent: parent.as_ref().map(number).unwrap_or_default(),
            name: attributes.metadata().name().to_owned(),
            ..Seen::default()
        };
        attributes.record(&mut Fields(&mut |name, value| put(&mut seen, name, value)));
        self.kept().spans.push(seen);
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, _: Context<'_, S>) {
        let (mut kept, id) = (self.kept(), number(id));
        // Ids are used again; the last one is the one that is open.
        if let Some(seen) = kept.spans.iter_mut().rfind(|span| span.id == id) {
            values.record(&mut Fields(&mut |name, value| put(seen, name, value)));
        }
    }

    fn on_close(&self, id: Id, _: Context<'_, S>) {
        let (mut kept, id) = (self.kept(), number(&id));
        // A closed span is never found again by its id.
        let count = kept.spans.len();
        let closed = format!("{id}, closed before {count}");
        for seen in &mut kept.spans {
            if seen.parent == id {
                seen.parent.clone_from(&closed);
            }
            if seen.id == id {
                seen.id.clone_from(&closed);
            }
        }
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let (mut message, mut fields) = (String::new(), Vec::new());
        event.record(&mut Fields(&mut |name, value| match name {
            "message" => message = value,
            name => fields.push(format!("{name}={value}")),
        }));
        let (level, target) = (*event.metadata().level(), event.metadata().target().to_owned());
        self.kept().lines.push(Line { level, target, message, fields });
    }
}

fn number(id: &Id) -> String {
    id.into_u64().to_string()
}

/// What tracing-opentelemetry would make of a field.
fn put(seen: &mut Seen, name: &str, value: String) {
    match name {
        "otel.name" => seen.name = value,
        "otel.kind" => seen.kind = value,
        "otel.status_code" => seen.status = value,
        "otel.status_description" => seen.message = value,
        name => {
            seen.attributes.insert(name.to_owned(), value);
        }
    }
}

struct Fields<'f>(&'f mut dyn FnMut(&str, String));

impl Visit for Fields<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        (self.0)(field.name(), value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        (self.0)(field.name(), format!("{value:?}"));
    }
}
