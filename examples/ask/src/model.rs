//! A model behind any OpenAI-compatible address, set up by the environment.

mod chat;
mod vectors;

use std::{fmt, time::Duration};

use thiserror::Error;
use ureq::http::Uri;

pub use chat::{ModelError, Prompt, Reply, complete};
pub use vectors::vectors;

/// How long a reply may take, if `ASK_TIMEOUT` says nothing.
const TIMEOUT: Duration = Duration::from_secs(60);
/// The longest time that can be asked for: an hour.
const LONGEST: u64 = 3_600;

/// A model and how to reach it.
#[derive(Debug, Clone)]
pub struct Model {
    name: String,
    /// The model of vectors at the same server.
    vectors: Option<String>,
    endpoint: String,
    key: Option<Key>,
    timeout: Duration,
}

/// A secret: nothing prints it.
#[derive(Clone)]
struct Key(String);

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(..)")
    }
}

impl Model {
    /// Reads the settings `ASK_MODEL_URL`, `ASK_MODEL`, `ASK_EMBEDDING_MODEL`, `ASK_API_KEY` and `ASK_TIMEOUT`; `None` if none of them is
    /// there. A setting that is empty counts as not there.
    ///
    /// # Errors
    /// [`SettingsError`], which names the setting. A half-made setup is an error too: who sets a key wants a model.
    ///
    /// ```
    /// use ask::model::Model;
    ///
    /// assert!(Model::from_settings(|_| None).unwrap().is_none());
    /// let error = Model::from_settings(|name| (name == "ASK_MODEL").then(|| "tiny".into())).unwrap_err();
    /// assert!(error.to_string().contains("ASK_MODEL_URL"));
    /// ```
    pub fn from_settings(setting: impl Fn(&str) -> Option<String>) -> Result<Option<Self>, SettingsError> {
        let setting = |name| setting(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
        let (name, key) = (setting("ASK_MODEL"), setting("ASK_API_KEY"));
        let vectors = setting("ASK_EMBEDDING_MODEL");
        let timeout = setting("ASK_TIMEOUT").map(|text| seconds(&text)).transpose()?;
        let Some(url) = setting("ASK_MODEL_URL") else {
            return if name.is_some() || key.is_some() || vectors.is_some() {
                Err(SettingsError::NoUrl)
            } else {
                Ok(None)
            };
        };
        let endpoint = endpoint(&url)?;
        let name = name.ok_or(SettingsError::NoModel)?;
        if key.as_ref().is_some_and(|key| !key.bytes().all(|byte| byte.is_ascii_graphic())) {
            return Err(SettingsError::BadKey);
        }
        Ok(Some(Self { name, vectors, endpoint, key: key.map(Key), timeout: timeout.unwrap_or(TIMEOUT) }))
    }

    /// The model of vectors at the same server, if there is one.
    pub fn of_vectors(&self) -> Option<Self> {
        let name = self.vectors.clone()?;
        let base = self.endpoint.strip_suffix("/chat/completions").unwrap_or(&self.endpoint);
        Some(Self { name, endpoint: format!("{base}/embeddings"), ..self.clone() })
    }

    /// The model's name.
    pub fn name(&self) -> &str {
        &self.name
    }
}

fn seconds(text: &str) -> Result<Duration, SettingsError> {
    match text.parse() {
        Ok(seconds @ 1..=LONGEST) => Ok(Duration::from_secs(seconds)),
        _ => Err(SettingsError::BadTimeout { given: text.to_owned() }),
    }
}

/// The address that chats go to, from the base that the provider's documentation gives.
fn endpoint(url: &str) -> Result<String, SettingsError> {
    let bad = |why| SettingsError::BadUrl { why };
    let uri: Uri = url.parse().map_err(|_| bad("it cannot be read as an address"))?;
    if !matches!(uri.scheme_str(), Some("http" | "https")) {
        return Err(bad("it does not begin with `http://` or `https://`"));
    }
    let authority = uri.authority().ok_or_else(|| bad("it names no host"))?;
    // What stands in the address is printed in errors, so no secret may.
    if authority.as_str().contains('@') {
        return Err(bad("it holds a user or password, and a key belongs into `ASK_API_KEY`"));
    }
    if uri.query().is_some() {
        return Err(bad("it has a `?`, and a base address ends with its path"));
    }
    let base = url.trim_end_matches('/');
    Ok(base.strip_suffix("/chat/completions").unwrap_or(base).to_owned() + "/chat/completions")
}

/// What is wrong with the settings. Never holds a key.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SettingsError {
    /// A model or a key, but no address.
    #[error(
        "`ASK_MODEL_URL` is not set, though `ASK_MODEL`, `ASK_EMBEDDING_MODEL` or `ASK_API_KEY` is; set it to the provider's base address, \
         for example `http://127.0.0.1:11434/v1`, or unset the others to get quotes without a model"
    )]
    NoUrl,
    /// An address, but no model.
    #[error(
        "`ASK_MODEL` is not set, though `ASK_MODEL_URL` is; set it to the name of a model that is served there, \
         or unset `ASK_MODEL_URL` to get quotes without a model"
    )]
    NoModel,
    /// The address does not do. It is not shown, for it may hold a secret by mistake.
    #[error("`ASK_MODEL_URL` does not do: {why}; set it to a base address like `http://127.0.0.1:11434/v1`")]
    BadUrl {
        /// What is wrong.
        why: &'static str,
    },
    /// The key cannot stand in a header.
    #[error("`ASK_API_KEY` has a space or a sign that no key has; copy it again, without quotes and line breaks")]
    BadKey,
    /// The time is no whole number of seconds within bounds.
    #[error("`ASK_TIMEOUT` is `{given}`; set it to whole seconds from 1 to {LONGEST}, for example `60`")]
    BadTimeout {
        /// What was given.
        given: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model(settings: &[(&str, &str)]) -> Result<Option<Model>, SettingsError> {
        Model::from_settings(|name| {
            settings.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        })
    }

    fn with_url(url: &str) -> Result<String, SettingsError> {
        Ok(model(&[("ASK_MODEL_URL", url), ("ASK_MODEL", "m")])?.unwrap().endpoint)
    }

    #[test]
    fn no_setting_means_no_model() {
        assert!(model(&[]).unwrap().is_none());
        assert!(model(&[("ASK_MODEL_URL", " "), ("ASK_MODEL", "")]).unwrap().is_none());
    }

    #[test]
    fn a_base_address_is_taken_in_any_common_form() {
        for url in ["http://h:1/v1", "http://h:1/v1/", " http://h:1/v1/chat/completions "] {
            assert_eq!(with_url(url).unwrap(), "http://h:1/v1/chat/completions", "{url}");
        }
    }

    #[test]
    fn an_address_that_does_not_do_is_refused_without_showing_it() {
        for url in
            ["h:1/v1", "ftp://h/v1", "http://", "not an address", "http://u:secret@h/v1", "https://h/v1?key=secret"]
        {
            let message = with_url(url).unwrap_err().to_string();
            assert!(message.contains("`ASK_MODEL_URL` does not do") && !message.contains("secret"), "{url}: {message}");
        }
    }

    #[test]
    fn a_half_made_setup_is_refused() {
        assert_eq!(model(&[("ASK_MODEL", "m")]).unwrap_err(), SettingsError::NoUrl);
        assert_eq!(model(&[("ASK_API_KEY", "k")]).unwrap_err(), SettingsError::NoUrl);
        assert_eq!(model(&[("ASK_MODEL_URL", "http://h/v1")]).unwrap_err(), SettingsError::NoModel);
    }

    #[test]
    fn a_time_must_be_whole_seconds_within_bounds() {
        for text in ["0", "-1", "1.5", "soon", "3601"] {
            let error = model(&[("ASK_TIMEOUT", text)]).unwrap_err();
            assert_eq!(error, SettingsError::BadTimeout { given: text.into() });
        }
        let settings = [("ASK_MODEL_URL", "http://h/v1"), ("ASK_MODEL", "m"), ("ASK_TIMEOUT", "3600")];
        assert_eq!(model(&settings).unwrap().unwrap().timeout, Duration::from_secs(3_600));
    }

    #[test]
    fn nothing_prints_the_key() {
        let settings = [("ASK_MODEL_URL", "http://h/v1"), ("ASK_MODEL", "m"), ("ASK_API_KEY", "sk-secret")];
        let found = model(&settings).unwrap().unwrap();
        assert!(!format!("{found:?}").contains("secret"));
        let broken = [("ASK_MODEL_URL", "http://h/v1"), ("ASK_MODEL", "m"), ("ASK_API_KEY", "sk secret")];
        let error = model(&broken).unwrap_err();
        assert!(!format!("{error:?} {error}").contains("secret"));
    }
}
