use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder};
use tokio::runtime::Handle;

use super::{Collector, EngineEvent, Metrics, Observation, RunInfo};

/// The metrics of engines in the text format of Prometheus, with or without a listener. Clones are the same.
///
/// [`Builder::prometheus`](crate::Builder::prometheus) makes one that listens. This one gives the text to whoever asks, such as
/// the web server that the program has anyway:
///
/// ```
/// use flowc::observe::Prometheus;
/// use flowc::{Engine, node, workflow};
///
/// #[node]
/// fn greet(name: &str) -> String {
///     format!("Hello {name}")
/// }
/// workflow! {
///     fn hello(name: String) -> String { greet(&name) }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let prometheus = Prometheus::new();
/// let engine = Engine::builder().resources(()).collector(prometheus.clone()).build();
/// assert!(engine.start(hello("Ada".to_owned())).await.is_ok());
/// assert!(prometheus.render().contains(r#"flowc_runs_total{workflow="hello",outcome="ok"} 1"#));
/// # }
/// ```
#[derive(Clone)]
pub struct Prometheus(Arc<Inner>);

struct Inner {
    metrics: Metrics,
    handle: PrometheusHandle,
    /// Runs that ended since the samples were put into their buckets.
    ended: AtomicU64,
}

/// After so many runs the samples are put into their buckets, whether or not anybody asked for the text.
const UPKEEP: u64 = 256;

const SECONDS: &[f64] =
    &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0];
/// Those that OpenTelemetry's conventions for generative AI ask for, for calls of models.
const OPERATION: &[f64] = &[0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
/// Those that they ask for, for tokens.
const TOKENS: &[f64] = &[
    1.0,
    4.0,
    16.0,
    64.0,
    256.0,
    1024.0,
    4096.0,
    16_384.0,
    65_536.0,
    262_144.0,
    1_048_576.0,
    4_194_304.0,
    16_777_216.0,
    67_108_864.0,
];
const COST: &[f64] = &[0.0001, 0.001, 0.01, 0.1, 1.0, 10.0, 100.0];

fn builder() -> Result<PrometheusBuilder, BuildError> {
    PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), SECONDS)?
        .set_buckets_for_metric(Matcher::Full("gen_ai_client_operation_duration_seconds".to_owned()), OPERATION)?
        .set_buckets_for_metric(Matcher::Suffix("_token_usage".to_owned()), TOKENS)?
        .set_buckets_for_metric(Matcher::Suffix("_cost".to_owned()), COST)
}

impl Prometheus {
    /// Without a listener: [`render`](Self::render) gives the text.
    pub fn new() -> Self {
        // An error there is only for lists without a bound, and these have some.
        Self::of(builder().unwrap_or_default().build_recorder()).0
    }

    /// Answers `GET /metrics` at this address, in the tokio runtime that it is called in, or on a thread of its own where there is
    /// none. Where the program has no recorder for the `metrics` crate yet, this is the one, so that what nodes count with the macros
    /// of that crate is there too.
    ///
    /// # Errors
    /// The address cannot be read, or not be listened at.
    pub fn listen(address: &str) -> Result<Self, PrometheusError> {
        let address: SocketAddr = address.parse().map_err(|_| {
            PrometheusError(format!("`{address}` is no address to listen at; write one as in `127.0.0.1:9464`"))
        })?;
        let builder = builder()?.with_http_listener(address);
        let recorder = match Handle::try_current() {
            Ok(runtime) => {
                let (recorder, exporter) = builder.build()?;
                runtime.spawn(exporter);
                recorder
            }
            Err(_) => apart(builder)?,
        };
        let (prometheus, recorder) = Self::of(recorder);
        // A program that has a recorder keeps it.
        let _ = metrics::set_global_recorder(recorder);
        Ok(prometheus)
    }

    fn of(recorder: PrometheusRecorder) -> (Self, Arc<PrometheusRecorder>) {
        let (handle, recorder) = (recorder.handle(), Arc::new(recorder));
        let metrics = Metrics::recorded_by(Arc::clone(&recorder) as _);
        (Self(Arc::new(Inner { metrics, handle, ended: AtomicU64::new(0) })), recorder)
    }

    /// All series in the text format of Prometheus.
    pub fn render(&self) -> String {
        self.0.handle.render()
    }
}

/// Serves on a thread of its own.
fn apart(builder: PrometheusBuilder) -> Result<PrometheusRecorder, PrometheusError> {
    let failed = |error: std::io::Error| PrometheusError(format!("no thread could be made to serve metrics: {error}"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(failed)?;
    let (recorder, exporter) = {
        let _entered = runtime.enter();
        builder.build()?
    };
    let serve = move || drop(runtime.block_on(exporter));
    std::thread::Builder::new().name("flowc-prometheus".to_owned()).spawn(serve).map_err(failed)?;
    Ok(recorder)
}

impl Default for Prometheus {
    fn default() -> Self {
        Self::new()
    }
}

impl Collector for Prometheus {
    fn on_event(&self, run: &RunInfo<'_>, event: &Observation<'_>) {
        self.0.metrics.on_event(run, event);
        if event.kind.is_last() && self.0.ended.fetch_add(1, Ordering::Relaxed) % UPKEEP == UPKEEP - 1 {
            self.0.handle.run_upkeep();
        }
    }

    fn on_engine_event(&self, event: &EngineEvent<'_>) {
        self.0.metrics.on_engine_event(event);
    }
}

impl fmt::Debug for Prometheus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Prometheus").finish_non_exhaustive()
    }
}

/// Metrics cannot be served at the address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrometheusError(String);

impl fmt::Display for PrometheusError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for PrometheusError {}

impl From<BuildError> for PrometheusError {
    fn from(error: BuildError) -> Self {
        Self(error.to_string())
    }
}
