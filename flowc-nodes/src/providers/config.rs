//! Which model, where, and with what key.

use std::time::Duration;

use flowc::Secret;
use genai::adapter::AdapterKind;
use genai::chat::ReasoningEffort;
use serde::{Deserialize, Deserializer};

use crate::model::Prices;

/// The protocol of a provider. Many servers speak that of OpenAI: with a [base URL](ModelConfig::base_url) each of them will do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Provider {
    /// OpenAI's chat completions: OpenAI, llama.cpp, vLLM, LM Studio, and most others.
    #[serde(rename = "openai")]
    OpenAi,
    /// OpenAI's responses.
    #[serde(rename = "openai_responses")]
    OpenAiResponses,
    /// Anthropic's messages.
    Anthropic,
    /// Google's Gemini.
    Gemini,
    /// Ollama's own protocol.
    Ollama,
}

impl Provider {
    pub(super) fn adapter(self) -> AdapterKind {
        match self {
            Self::OpenAi => AdapterKind::OpenAI,
            Self::OpenAiResponses => AdapterKind::OpenAIResp,
            Self::Anthropic => AdapterKind::Anthropic,
            Self::Gemini => AdapterKind::Gemini,
            Self::Ollama => AdapterKind::Ollama,
        }
    }

    /// What OpenTelemetry's `gen_ai.provider.name` calls it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::OpenAi | Self::OpenAiResponses => "openai",
            Self::Anthropic => "anthropic",
            Self::Gemini => "gcp.gemini",
            Self::Ollama => "ollama",
        }
    }

    /// Whether genai passes a schema on to it.
    pub(super) fn takes_schema(self) -> bool {
        self != Self::Ollama
    }

    /// Where it is, if nothing else is said.
    fn address(self) -> &'static str {
        match self {
            Self::OpenAi | Self::OpenAiResponses => "https://api.openai.com/v1/",
            Self::Anthropic => "https://api.anthropic.com/v1/",
            Self::Gemini => "https://generativelanguage.googleapis.com/v1beta/",
            Self::Ollama => "http://localhost:11434/",
        }
    }
}

/// How a model is reached: built here, or read from any format of serde.
///
/// ```
/// use flowc_nodes::{ModelConfig, Provider};
///
/// let built = ModelConfig::new(Provider::OpenAi, "qwen3").base_url("http://127.0.0.1:8080/v1");
/// let read: ModelConfig =
///     serde_json::from_str(r#"{ "provider": "openai", "model": "qwen3", "base_url": "http://127.0.0.1:8080/v1" }"#)?;
/// assert_eq!(format!("{built:?}"), format!("{read:?}"));
/// # Ok::<_, serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ModelConfig {
    /// The protocol.
    pub provider: Provider,
    /// The name of the model, as the provider calls it.
    pub model: String,
    /// Where it is, the version of the protocol included. The provider's own address, if nothing is said.
    #[serde(default)]
    pub base_url: Option<String>,
    /// The key. Servers of your own mostly need none.
    #[serde(default)]
    pub api_key: Option<Secret<String>>,
    /// The longest reply, in bytes of text and of arguments of tools. 4 MiB, if nothing is said.
    #[serde(default = "max_reply")]
    pub max_reply: usize,
    /// How long nothing may come, in seconds where it is read. 120, if nothing is said.
    #[serde(default = "idle_timeout", rename = "idle_timeout_seconds", deserialize_with = "seconds")]
    pub idle_timeout: Duration,
    /// What its tokens cost. Nothing, if nothing is said.
    #[serde(default)]
    pub prices: Prices,
}

fn max_reply() -> usize {
    4 << 20
}

fn idle_timeout() -> Duration {
    Duration::from_secs(120)
}

fn seconds<'de, D: Deserializer<'de>>(source: D) -> Result<Duration, D::Error> {
    let seconds = f64::deserialize(source)?;
    Duration::try_from_secs_f64(seconds)
        .map_err(|error| serde::de::Error::custom(format!("{seconds} seconds: {error}")))
}

impl ModelConfig {
    /// A model of a provider, at the provider's own address.
    pub fn new(provider: Provider, model: impl Into<String>) -> Self {
        Self {
            provider,
            model: model.into(),
            base_url: None,
            api_key: None,
            max_reply: max_reply(),
            idle_timeout: idle_timeout(),
            prices: Prices::new(),
        }
    }

    /// The model that the environment names: `FLOWC_MODEL` is the provider and the model, as in `openai/gpt-4o-mini`, `FLOWC_MODEL_URL` the
    /// [base URL](Self::base_url), and `FLOWC_MODEL_KEY` the key, the last two if they are needed.
    ///
    /// # Errors
    /// What is missing or cannot be read, with what to set.
    pub fn from_env() -> Result<Self, String> {
        Self::from_settings(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
    }

    fn from_settings(setting: impl Fn(&str) -> Option<String>) -> Result<Self, String> {
        let form = "write a provider and a model, as in `openai/gpt-4o-mini`";
        let wanted = setting("FLOWC_MODEL").ok_or_else(|| format!("`FLOWC_MODEL` is not set; {form}"))?;
        let (provider, model) = wanted.split_once('/').ok_or_else(|| format!("`FLOWC_MODEL` is `{wanted}`; {form}"))?;
        let provider = Provider::deserialize(serde_json::Value::from(provider))
            .map_err(|error| format!("`FLOWC_MODEL` is `{wanted}`: {error}"))?;
        let config = Self { base_url: setting("FLOWC_MODEL_URL"), ..Self::new(provider, model) };
        Ok(Self { api_key: setting("FLOWC_MODEL_KEY").map(Secret::new), ..config })
    }

    /// Where it is, the version of the protocol included: `http://127.0.0.1:8080/v1`.
    #[must_use]
    pub fn base_url(self, url: impl Into<String>) -> Self {
        Self { base_url: Some(url.into()), ..self }
    }

    /// The key.
    #[must_use]
    pub fn api_key(self, key: impl Into<String>) -> Self {
        Self { api_key: Some(Secret::new(key.into())), ..self }
    }

    /// The longest reply, in bytes of text and of arguments of tools.
    #[must_use]
    pub fn max_reply(self, bytes: usize) -> Self {
        Self { max_reply: bytes, ..self }
    }

    /// How long nothing may come.
    #[must_use]
    pub fn idle_timeout(self, limit: Duration) -> Self {
        Self { idle_timeout: limit, ..self }
    }

    /// What its tokens cost.
    #[must_use]
    pub fn prices(self, prices: Prices) -> Self {
        Self { prices, ..self }
    }

    /// Where requests go; paths are put behind it.
    pub(super) fn address(&self) -> String {
        let address = self.base_url.as_deref().unwrap_or_else(|| self.provider.address());
        format!("{}/", address.trim_end_matches('/'))
    }

    pub(super) fn key(&self) -> String {
        // A server without keys does not look at it.
        self.api_key.as_ref().map_or("none", |key| key.expose().as_str()).to_owned()
    }

    /// What is wrong with it.
    pub(super) fn check(&self) -> Result<(), String> {
        if self.model.is_empty() {
            return Err("the name of the model is empty".to_owned());
        }
        if matches!(self.provider, Provider::OpenAi | Provider::OpenAiResponses | Provider::Anthropic)
            && let (Some(_), rest) = ReasoningEffort::from_model_name(&self.model)
        {
            let (name, end) = (&self.model, self.model.strip_prefix(rest).unwrap_or_default());
            return Err(format!(
                "`{name}` would be asked for as `{rest}`: `{end}` at the end of a name is read as an effort of reasoning; \
                 give the model another name at its server"
            ));
        }
        let address = self.address();
        match reqwest::Url::parse(&address) {
            Ok(url) if matches!(url.scheme(), "http" | "https") => {}
            Err(error) if address.contains("://") => return Err(format!("the base URL `{address}` is none: {error}")),
            _ => return Err(format!("the base URL `{address}` begins neither with `http://` nor with `https://`")),
        }
        if self.base_url.is_none() && self.provider != Provider::Ollama && self.api_key.is_none() {
            return Err("the provider wants a key, and `api_key` is missing".to_owned());
        }
        let control = |key: &Secret<String>| key.expose().chars().any(|char| !matches!(char, ' '..='~'));
        if self.api_key.as_ref().is_some_and(control) {
            return Err("the key has a character that no header can hold, perhaps the end of a line".to_owned());
        }
        if self.max_reply == 0 || self.idle_timeout.is_zero() {
            return Err("`max_reply` and `idle_timeout` must be more than nothing".to_owned());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{ModelConfig, Provider};

    fn read(settings: &[(&str, &str)]) -> Result<ModelConfig, String> {
        let found =
            |name: &str| settings.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        ModelConfig::from_settings(found)
    }

    #[test]
    fn the_environment_names_a_model() {
        let url = ("FLOWC_MODEL_URL", "http://127.0.0.1:8080/v1");
        let config = read(&[("FLOWC_MODEL", "openai/qwen/qwen3"), url, ("FLOWC_MODEL_KEY", "secret")]).unwrap();
        assert_eq!((config.provider, config.model.as_str()), (Provider::OpenAi, "qwen/qwen3"));
        assert_eq!((config.base_url.as_deref(), config.api_key.is_some()), (Some(url.1), true));
        assert!(!format!("{config:?}").contains("secret"));
    }

    #[test]
    fn what_is_wrong_there_is_said() {
        for (settings, why) in [
            (&[][..], "`FLOWC_MODEL` is not set; write a provider and a model, as in `openai/gpt-4o-mini`"),
            (&[("FLOWC_MODEL", "qwen3")], "`FLOWC_MODEL` is `qwen3`; write a provider"),
            (&[("FLOWC_MODEL", "opnai/qwen3")], "unknown variant `opnai`, expected one of `openai`"),
        ] {
            let error = read(settings).unwrap_err();
            assert!(error.contains(why), "{error}");
        }
    }
}
