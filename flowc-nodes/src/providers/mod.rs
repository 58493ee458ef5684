//! Models of providers, over the crate `genai`: the only part that names its types.

mod config;
mod embedding;
mod fault;
mod gather;
mod named;
mod request;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use genai::resolver::{AuthData, Endpoint};
use genai::{Client, ModelIden, ServiceTarget};
use tokio::time::timeout;

pub use config::{ModelConfig, Provider};

use self::fault::Fault;
use self::gather::Gathered;
use self::named::Named;
use crate::model::{ChatModel, ChatReply, ChatRequest, Heard, ModelError, ModelErrorKind, Prices, Replying};

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(10);

/// A model of a provider, chosen when the program runs.
///
/// Replies are always streamed, and bounded in bytes and in silence. Connections are kept and shared by all clones. Redirects are not
/// followed, so that a key goes to no other address.
///
/// ```
/// use flowc_nodes::{Model, ModelConfig, Price, Prices};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let config: ModelConfig = serde_json::from_str(r#"{ "provider": "ollama", "model": "llama3.2" }"#)?;
/// let model = Model::new(config)?.prices(Prices::new().with("llama*", Price::new(0.0, 0.0)));
/// # let _ = model;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Model {
    name: Arc<str>,
    config: Arc<ModelConfig>,
    client: Client,
    prices: Arc<Prices>,
}

impl fmt::Debug for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Model").field("config", &self.config).field("prices", &self.prices).finish_non_exhaustive()
    }
}

impl Model {
    /// Makes a model ready. Nothing is sent yet.
    ///
    /// # Errors
    /// [`ModelErrorKind::Config`], with what is wrong: a base URL that is none, a key that is missing, a limit of nothing.
    pub fn new(config: ModelConfig) -> Result<Self, ModelError> {
        let name: Arc<str> = Arc::from(config.model.as_str());
        let wrong = |problem| ModelError::new(name.clone(), ModelErrorKind::Config { problem });
        config.check().map_err(wrong)?;
        let client = http().map_err(wrong)?;
        let client = Client::builder().with_reqwest(client).build();
        let client = client.map_err(|error| wrong(format!("the client cannot be made: {error}")))?;
        let prices = Arc::new(config.prices.clone());
        Ok(Self { name: name.clone(), config: Arc::new(config), client, prices })
    }

    /// What its tokens cost, in place of what the configuration says.
    #[must_use]
    pub fn prices(self, prices: Prices) -> Self {
        Self { prices: Arc::new(prices), ..self }
    }

    /// How the model is reached.
    pub fn config(&self) -> &ModelConfig {
        &self.config
    }

    fn error(&self, kind: ModelErrorKind) -> ModelError {
        ModelError::new(self.name.clone(), kind)
    }

    fn fault(&self, error: genai::Error) -> ModelError {
        let Fault { kind, source } = fault::of(error, &self.config);
        match source {
            Some(source) => self.error(kind).because(source),
            None => self.error(kind),
        }
    }

    fn target(&self) -> ServiceTarget {
        ServiceTarget {
            endpoint: Endpoint::from_owned(self.config.address()),
            auth: AuthData::from_single(self.config.key()),
            model: ModelIden::new(self.config.provider.adapter(), self.config.model.clone()),
        }
    }

    async fn stream(&self, asked: &ChatRequest, heard: Heard<'_>) -> Result<ChatReply, ModelError> {
        let (request, options) = request::of(asked, &self.config).map_err(|kind| self.error(kind))?;
        let named = Named::default();
        let hears = named.clone();
        let options = options.with_raw_frame_fn(move |_, frame| hears.hear(frame.index, frame.data));
        let silence = self.config.idle_timeout;
        let late = |_| self.error(ModelErrorKind::Timeout { limit: silence });
        let started = self.client.exec_chat_stream(self.target(), request, Some(&options));
        let mut stream = timeout(silence, started).await.map_err(late)?.map_err(|error| self.fault(error))?.stream;
        let mut gathered = Gathered::new(self.config.max_reply);
        loop {
            // A stream ends with its last event; if it ends without, it was cut.
            let event = match timeout(silence, stream.next()).await.map_err(late)? {
                Some(event) => event.map_err(|error| self.fault(error))?,
                None => return Err(self.error(ModelErrorKind::Cut)),
            };
            if let Some(reply) = gathered.take(event, heard).map_err(|kind| self.error(kind))? {
                let cost = self.prices.of(&self.name, reply.tokens);
                let reply = reply.cost(cost);
                return Ok(match named.get() {
                    Some(name) => reply.model(name),
                    None => reply,
                });
            }
        }
    }
}

impl ChatModel for Model {
    fn name(&self) -> &str {
        &self.name
    }

    fn provider(&self) -> Option<&str> {
        Some(self.config.provider.name())
    }

    fn takes_schema(&self) -> bool {
        self.config.provider.takes_schema()
    }

    fn reply<'a>(&'a self, request: &'a ChatRequest, heard: Heard<'a>) -> Replying<'a> {
        Box::pin(self.stream(request, heard))
    }
}

/// How long a reply is, is counted in what genai hands out. Below that there is no place for it: genai keeps a piece of a stream until its
/// end is there, and reqwest's `connector_layer` lets others around its connections but not into them, as its `Conn` is sealed. What bounds
/// a piece without an end is the time for which nothing whole may come.
fn http() -> Result<reqwest::Client, String> {
    let tls = crate::tls::client()?;
    reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .connect_timeout(CONNECT)
        .tcp_nodelay(true)
        .redirect(reqwest::redirect::Policy::none())
        // What is packed small can be large.
        .no_gzip()
        .build()
        .map_err(|error| format!("the HTTP client cannot be made: {error}"))
}
