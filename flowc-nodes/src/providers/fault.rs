//! From genai's errors to ours. What they print holds whole bodies, so that none is passed on as it is.

use std::time::{Duration, SystemTime};

use genai::webc;
use reqwest::header::HeaderMap;
use serde_json::Value;

use super::ModelConfig;
use crate::model::ModelErrorKind;

/// So much of what a provider says is shown.
const SHOWN: usize = 300;

/// A kind of error, and what is behind it.
pub(super) struct Fault {
    pub(super) kind: ModelErrorKind,
    pub(super) source: Option<reqwest::Error>,
}

pub(super) fn of(error: genai::Error, config: &ModelConfig) -> Fault {
    let plain = |kind| Fault { kind, source: None };
    if let (Some(status), headers) = (error.status(), error.headers()) {
        let retry_after = headers.and_then(wait);
        let said = said(body(&error), config);
        return plain(match status.as_u16() {
            status @ (401 | 403) => ModelErrorKind::Unauthorized { status, said },
            404 => ModelErrorKind::NotFound { said },
            429 => ModelErrorKind::RateLimited { retry_after, said },
            status => ModelErrorKind::Status { status, retry_after, said },
        });
    }
    match error {
        genai::Error::WebModelCall { webc_error, .. } | genai::Error::WebAdapterCall { webc_error, .. } => {
            web(webc_error, config)
        }
        genai::Error::WebStream { error, cause, .. } => match error.downcast::<genai::Error>() {
            Ok(inner) => of(*inner, config),
            Err(other) => match other.downcast::<reqwest::Error>() {
                Ok(error) => broken(*error),
                Err(_) => plain(ModelErrorKind::Garbled { reason: said(&cause, config) }),
            },
        },
        genai::Error::ChatResponse { body, .. } => {
            plain(ModelErrorKind::Garbled { reason: format!("an error in the stream{}", told(&body, config)) })
        }
        genai::Error::StreamParse { serde_error, .. } => {
            plain(ModelErrorKind::Garbled { reason: format!("a piece is no JSON: {serde_error}") })
        }
        genai::Error::SerdeJson(error) => plain(ModelErrorKind::Garbled { reason: error.to_string() }),
        genai::Error::NoChatResponse { .. } => plain(ModelErrorKind::Garbled { reason: "it is empty".to_owned() }),
        genai::Error::AdapterNotSupported { feature, .. } => {
            plain(ModelErrorKind::Config { problem: format!("this provider has no {feature}") })
        }
        genai::Error::MessageContentTypeNotSupported { cause, .. } => {
            plain(ModelErrorKind::Config { problem: format!("the provider does not take this content: {cause}") })
        }
        other => plain(ModelErrorKind::Garbled { reason: said(&other.to_string(), config) }),
    }
}

fn web(error: webc::Error, config: &ModelConfig) -> Fault {
    let plain = |kind| Fault { kind, source: None };
    match error {
        webc::Error::Reqwest(error) => broken(error),
        webc::Error::ResponseFailedNotJson { content_type, body } => plain(ModelErrorKind::Garbled {
            reason: format!("it is `{}`, and not JSON: {}", said(&content_type, config), said(&body, config)),
        }),
        webc::Error::ResponseFailedInvalidJson { cause, .. } => plain(ModelErrorKind::Garbled { reason: cause }),
        other => plain(ModelErrorKind::Garbled { reason: said(&other.to_string(), config) }),
    }
}

/// A connection that never was, or broke while something came.
fn broken(error: reqwest::Error) -> Fault {
    let begun = error.is_body() || error.is_decode();
    let kind = if begun { ModelErrorKind::Cut } else { ModelErrorKind::Connect };
    // The address may have a key in it.
    Fault { kind, source: Some(error.without_url()) }
}

/// How long the provider wants to be left alone: milliseconds, seconds, or until a date.
fn wait(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: &str| headers.get(name)?.to_str().ok().map(str::trim);
    let seconds = |number: &str, unit: f64| Duration::try_from_secs_f64(number.parse::<f64>().ok()? / unit).ok();
    let until = |date: &str| httpdate::parse_http_date(date).ok()?.duration_since(SystemTime::now()).ok();
    let after = text("retry-after");
    let millis = text("retry-after-ms").and_then(|number| seconds(number, 1e3));
    millis.or_else(|| after.and_then(|after| seconds(after, 1.0).or_else(|| until(after))))
}

fn body(error: &genai::Error) -> &str {
    match error {
        genai::Error::HttpError { body, .. } => body,
        genai::Error::WebModelCall { webc_error, .. } | genai::Error::WebAdapterCall { webc_error, .. } => {
            match webc_error {
                webc::Error::ResponseFailedStatus { body, .. } => body,
                _ => "",
            }
        }
        _ => "",
    }
}

fn told(body: &Value, config: &ModelConfig) -> String {
    format!(": {}", said(&body.to_string(), config))
}

/// What a provider says: its message, where that can be found, short and without the key.
fn said(body: &str, config: &ModelConfig) -> String {
    let json: Option<Value> = serde_json::from_str(body).ok();
    let message = json.as_ref().and_then(|json| {
        let error = json.get("error").unwrap_or(json);
        error.get("message").and_then(Value::as_str).or_else(|| error.as_str())
    });
    let text = message.unwrap_or(body);
    let text = match config.api_key.as_ref().map(|key| key.expose().as_str()).filter(|key| !key.is_empty()) {
        Some(key) => text.replace(key, "[key]"),
        None => text.to_owned(),
    };
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.chars().count() > SHOWN {
        return words.chars().take(SHOWN).chain("..".chars()).collect();
    }
    words
}
