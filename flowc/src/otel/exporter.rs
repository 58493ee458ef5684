use std::fmt;

use opentelemetry::trace::TracerProvider;
use opentelemetry::{InstrumentationScope, KeyValue};
use opentelemetry_otlp::{SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};
use tracing::Subscriber;
use tracing_opentelemetry::OpenTelemetryLayer;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::registry::{LookupSpan, Registry};

use super::client::Client;
use super::{OtelConfig, OtelError};

/// What sends the spans must not make spans of its own, or it would never come to rest.
const SENDERS: [&str; 6] = ["h2", "hyper", "opentelemetry", "rustls", "tonic", "ureq"];

/// Sends spans to a collector until it is dropped, and then what is left of them.
#[must_use = "dropping it ends the sending: keep it until the program ends"]
pub struct Otel {
    provider: SdkTracerProvider,
    tracer: SdkTracer,
    targets: Targets,
}

/// Sends the spans of this program to a collector, from now until what is given back is dropped.
///
/// # Errors
/// The exporter cannot be made, or a subscriber is installed already.
///
/// ```no_run
/// # fn main() -> Result<(), flowc::otel::OtelError> {
/// let config = flowc::otel::OtelConfig::from_env().service_name("ask");
/// let otel = flowc::otel::install(config)?;
/// // .. run workflows in an engine ..
/// otel.shutdown()?;
/// # Ok(())
/// # }
/// ```
pub fn install(config: OtelConfig) -> Result<Otel, OtelError> {
    let otel = Otel::new(config)?;
    let subscriber = Registry::default().with(otel.layer());
    tracing::subscriber::set_global_default(subscriber).map_err(|_| OtelError::Installed)?;
    Ok(otel)
}

impl Otel {
    /// Begins to send. Spans reach it through its [`layer`](Self::layer).
    ///
    /// # Errors
    /// The exporter cannot be made.
    pub fn new(config: OtelConfig) -> Result<Self, OtelError> {
        let mut targets = config.targets()?;
        for sender in SENDERS {
            targets = targets.with_target(sender, LevelFilter::OFF);
        }
        let (client, url) = (Client::new(config.limit()), config.url());
        let mut resource = Resource::builder();
        if let Some(name) = config.service {
            resource = resource.with_service_name(name);
        }
        let attributes = config.attributes.into_iter().map(|(name, value)| KeyValue::new(name, value));
        let resource = resource.with_attributes(attributes).build();
        let mut exporter = SpanExporter::builder().with_http().with_http_client(client).with_headers(config.headers);
        if let Some(url) = url {
            exporter = exporter.with_endpoint(url);
        }
        let exporter = exporter.build().map_err(|why| OtelError::Exporter(Box::new(why)))?;
        let provider = SdkTracerProvider::builder().with_resource(resource).with_batch_exporter(exporter).build();
        let scope = InstrumentationScope::builder("flowc").with_version(env!("CARGO_PKG_VERSION")).build();
        let tracer = provider.tracer_with_scope(scope);
        Ok(Self { provider, tracer, targets })
    }

    /// The layer for a subscriber that the program makes itself.
    ///
    /// ```no_run
    /// use flowc::otel::{Otel, OtelConfig};
    /// use tracing_subscriber::layer::SubscriberExt;
    /// use tracing_subscriber::util::SubscriberInitExt;
    ///
    /// # fn main() -> Result<(), flowc::otel::OtelError> {
    /// let otel = Otel::new(OtelConfig::from_env())?;
    /// // Layers that write logs to the terminal or to a file stand beside it.
    /// tracing_subscriber::registry().with(otel.layer()).init();
    /// # Ok(())
    /// # }
    /// ```
    pub fn layer<S>(&self) -> impl Layer<S> + Send + Sync + use<S>
    where
        S: Subscriber + for<'span> LookupSpan<'span> + Send + Sync,
    {
        OpenTelemetryLayer::new(self.tracer.clone())
            // A span says what it is; where in our sources it was made is of no use to anybody.
            .with_location(false)
            .with_target(false)
            .with_threads(false)
            .with_tracked_inactivity(false)
            .with_filter(self.targets.clone())
    }

    /// Sends what has ended until now, and waits for it on this thread.
    ///
    /// # Errors
    /// The collector did not take it.
    pub fn flush(&self) -> Result<(), OtelError> {
        self.provider.force_flush().map_err(|why| OtelError::Unsent(Box::new(why)))
    }

    /// Sends what is left, waits for it on this thread for at most five seconds, and ends the sending. Dropping does the same but
    /// cannot tell.
    ///
    /// # Errors
    /// The collector did not take it.
    pub fn shutdown(self) -> Result<(), OtelError> {
        self.provider.shutdown().map_err(|why| OtelError::Unsent(Box::new(why)))
    }
}

impl Drop for Otel {
    fn drop(&mut self) {
        // The layer in a subscriber keeps the provider alive, so it does not end by itself. After `shutdown` this does nothing.
        let _ = self.provider.shutdown();
    }
}

impl fmt::Debug for Otel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Otel").field("targets", &self.targets).finish_non_exhaustive()
    }
}
