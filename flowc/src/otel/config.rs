use std::collections::HashMap;
use std::time::Duration;

use super::OtelError;

/// Where spans go, and under which name.
///
/// What is not said here is taken from the variables that OpenTelemetry defines: `OTEL_SERVICE_NAME`, `OTEL_RESOURCE_ATTRIBUTES`,
/// `OTEL_EXPORTER_OTLP_ENDPOINT`, `OTEL_EXPORTER_OTLP_HEADERS`, `OTEL_EXPORTER_OTLP_TIMEOUT`, their variants for traces
/// (`OTEL_EXPORTER_OTLP_TRACES_ENDPOINT` and so on), and those of the sampler and the batches (`OTEL_TRACES_SAMPLER`,
/// `OTEL_BSP_SCHEDULE_DELAY` and so on). Without any of them spans go to `http://localhost:4318`.
///
/// ```
/// use flowc::otel::OtelConfig;
///
/// let config = OtelConfig::from_env()
///     .service_name("ask")
///     .endpoint("http://127.0.0.1:4318")
///     .attribute("deployment.environment.name", "staging");
/// ```
#[derive(Clone, Default)]
#[must_use = "a configuration does nothing until it is installed"]
pub struct OtelConfig {
    pub(super) service: Option<String>,
    pub(super) endpoint: Option<String>,
    pub(super) headers: HashMap<String, String>,
    pub(super) attributes: Vec<(String, String)>,
    pub(super) timeout: Option<Duration>,
    pub(super) filter: Option<String>,
}

impl OtelConfig {
    /// All from the environment.
    pub fn from_env() -> Self {
        Self::default()
    }

    /// The name that the program has in traces.
    pub fn service_name(self, name: impl Into<String>) -> Self {
        Self { service: Some(name.into()), ..self }
    }

    /// The collector, as in `http://127.0.0.1:4318`; the path `/v1/traces` is added to it.
    pub fn endpoint(self, url: impl Into<String>) -> Self {
        Self { endpoint: Some(url.into()), ..self }
    }

    /// A header of every request, a key of the collector say. Its value is shown nowhere.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.insert(name.into(), value.into());
        self
    }

    /// Something to say of the program itself, its version say.
    pub fn attribute(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.attributes.push((name.into(), value.into()));
        self
    }

    /// How long one request to the collector may take; ten seconds if not said.
    pub fn timeout(self, limit: Duration) -> Self {
        Self { timeout: Some(limit), ..self }
    }

    /// Which spans are sent, by target and level, as in `info,my_app=debug`; `info` if not said.
    pub fn filter(self, directives: impl Into<String>) -> Self {
        Self { filter: Some(directives.into()), ..self }
    }

    pub(super) fn url(&self) -> Option<String> {
        self.endpoint.as_ref().map(|base| format!("{}/v1/traces", base.trim_end_matches('/')))
    }

    pub(super) fn limit(&self) -> Duration {
        let said = || {
            let names = ["OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "OTEL_EXPORTER_OTLP_TIMEOUT"];
            let millis = names.iter().find_map(|name| std::env::var(name).ok()?.parse().ok())?;
            Some(Duration::from_millis(millis))
        };
        self.timeout.or_else(said).unwrap_or(Duration::from_secs(10))
    }

    pub(super) fn targets(&self) -> Result<tracing_subscriber::filter::Targets, OtelError> {
        self.filter.as_deref().unwrap_or("info").parse().map_err(|why| OtelError::Filter(Box::new(why)))
    }
}

impl std::fmt::Debug for OtelConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The values of headers are keys and tokens.
        f.debug_struct("OtelConfig")
            .field("service", &self.service)
            .field("endpoint", &self.endpoint)
            .field("headers", &self.headers.keys())
            .field("attributes", &self.attributes)
            .field("timeout", &self.timeout)
            .field("filter", &self.filter)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::OtelConfig;

    #[test]
    fn the_path_is_added_once() {
        let url = |base: &str| OtelConfig::from_env().endpoint(base).url();
        assert_eq!(url("http://here:4318").as_deref(), Some("http://here:4318/v1/traces"));
        assert_eq!(url("http://here:4318/").as_deref(), Some("http://here:4318/v1/traces"));
        assert_eq!(OtelConfig::from_env().url(), None);
    }

    #[test]
    fn the_value_of_a_header_is_not_shown() {
        let config = OtelConfig::from_env().header("x-api-key", "hunter2");
        let shown = format!("{config:?}");
        assert!(shown.contains("x-api-key") && !shown.contains("hunter2"), "{shown}");
    }

    #[test]
    fn a_filter_that_cannot_be_read_is_an_error() {
        let error = OtelConfig::from_env().filter("flowc=loud").targets().unwrap_err();
        assert!(error.to_string().contains("filter"), "{error}");
        assert!(OtelConfig::from_env().filter("info,flowc=trace").targets().is_ok());
    }
}
