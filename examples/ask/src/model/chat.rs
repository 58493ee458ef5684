//! One chat with a model: a question out, a reply in, and every way it can go wrong.

use std::{
    io::{BufRead, BufReader, ErrorKind, Read},
    net::IpAddr,
};

use flowc::{Context, node};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use ureq::{
    Agent, Body,
    http::{Response, Uri},
};

use super::Model;

/// A reply longer than this is none to a question, nor sixty-four vectors.
const MOST_BYTES: u64 = 16_000_000;
/// So much of what a server says about an error is shown.
const MOST_SHOWN: usize = 300;

/// What a model is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prompt {
    /// How to answer.
    pub system: String,
    /// The passages and the question.
    pub user: String,
}

/// What a model wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// Its text; never blank.
    pub text: String,
    /// The model's name, as configured.
    pub model: String,
}

/// Why there is no reply. The address is in it, the key never.
#[derive(Debug, Error)]
pub enum ModelError {
    /// No connection, or it broke.
    #[error("no answer from the model at {url}: {why}; check that it is running and that `ASK_MODEL_URL` is right")]
    Unreachable {
        /// The address.
        url: String,
        /// What the connection said.
        why: String,
    },
    /// It took too long.
    #[error("the model at {url} did not answer within {seconds} s; set `ASK_TIMEOUT` to more seconds, or try again")]
    Timeout {
        /// The address.
        url: String,
        /// How long was waited.
        seconds: u64,
    },
    /// The server said no.
    #[error("the model at {url} refused with status {status}{said}; {help}")]
    Refused {
        /// The address.
        url: String,
        /// The HTTP status.
        status: u16,
        /// What the server said: empty, or with a colon before it.
        said: String,
        /// What to do.
        help: &'static str,
    },
    /// The reply is not what an OpenAI-compatible server sends.
    #[error(
        "the reply from {url} is no chat completion: {why}; check that `ASK_MODEL_URL` is the base address of an \
         OpenAI-compatible server"
    )]
    BadReply {
        /// The address.
        url: String,
        /// What is wrong with it.
        why: String,
    },
    /// The reply has no vectors in it.
    #[error(
        "the reply from {url} has no vectors: {why}; check that `ASK_EMBEDDING_MODEL` names a model of vectors, or unset it"
    )]
    BadVectors {
        /// The address.
        url: String,
        /// What is wrong with it.
        why: String,
    },
    /// The thread that asked ended before there was an answer.
    #[error("the model was asked for vectors, and the thread that did ended: {why}; try again")]
    Ended {
        /// How it ended.
        why: String,
    },
    /// A reply with nothing in it.
    #[error("the model `{model}` at {url} replied with no text; ask again, or set another `ASK_MODEL`")]
    Blank {
        /// The address.
        url: String,
        /// The model.
        model: String,
    },
}

#[derive(Serialize)]
struct Request<'a> {
    model: &'a str,
    messages: [Message; 2],
    temperature: f32,
    stream: bool,
}

#[derive(Serialize)]
struct Message {
    role: &'static str,
    content: String,
}

#[derive(Deserialize)]
struct Completion {
    choices: Vec<Choice>,
}

#[derive(Deserialize)]
struct Choice {
    message: Content,
}

#[derive(Deserialize)]
struct Content {
    content: Option<String>,
}

/// A part of a reply that comes as it is written.
#[derive(Deserialize)]
struct Part {
    #[serde(default)]
    choices: Vec<Delta>,
}

#[derive(Deserialize)]
struct Delta {
    delta: Content,
}

/// Asks the model. Blocks until the reply is there or the model's time is over, and tells the run of its text as it comes.
///
/// # Errors
/// [`ModelError`], with what to do.
#[node(blocking)]
pub fn complete(model: Model, prompt: Prompt, #[context] cx: &Context) -> Result<Reply, ModelError> {
    let messages = [Message { role: "system", content: prompt.system }, Message { role: "user", content: prompt.user }];
    let request = Request { model: &model.name, messages, temperature: 0.2, stream: true };
    let body = serde_json::to_vec(&request).map_err(|error| bad_reply(&model, error.to_string()))?;
    let mut response = send(&model, &body)?;
    let status = response.status().as_u16();
    let is_stream =
        response.headers().get("content-type").is_some_and(|ty| ty.as_bytes().starts_with(b"text/event-stream"));
    let text = if status == 200 && is_stream {
        streamed(&model, response.body_mut().with_config().limit(MOST_BYTES).reader(), cx)?
    } else {
        whole(&model, &body_of(&model, response)?)?
    };
    let text = text.trim().to_owned();
    if text.is_empty() {
        return Err(ModelError::Blank { url: model.endpoint, model: model.name });
    }
    Ok(Reply { text, model: model.name })
}

/// The body of a reply to a request that is no chat.
pub(super) fn asked(model: &Model, body: &[u8]) -> Result<Vec<u8>, ModelError> {
    body_of(model, send(model, body)?)
}

/// The body of a response, unless that is a refusal.
fn body_of(model: &Model, mut response: Response<Body>) -> Result<Vec<u8>, ModelError> {
    let status = response.status().as_u16();
    let reader = response.body_mut().with_config().limit(MOST_BYTES);
    let bytes = reader.read_to_vec().map_err(|error| failed(model, error))?;
    if status == 200 { Ok(bytes) } else { Err(refused(model, status, &String::from_utf8_lossy(&bytes))) }
}

/// The text of a reply that came at once, as some servers send it whatever they are asked for.
fn whole(model: &Model, bytes: &[u8]) -> Result<String, ModelError> {
    let completion: Completion =
        serde_json::from_slice(bytes).map_err(|error| bad_reply(model, hidden(model, &error.to_string())))?;
    let choice =
        completion.choices.into_iter().next().ok_or_else(|| bad_reply(model, "it has no choice in it".into()))?;
    Ok(choice.message.content.unwrap_or_default())
}

/// The text of a reply that comes as server-sent events; the run hears each part of it.
fn streamed(model: &Model, reader: impl Read, cx: &Context) -> Result<String, ModelError> {
    let mut text = String::new();
    for line in BufReader::new(reader).lines() {
        let line = line.map_err(|error| failed(model, ureq::Error::Io(error)))?;
        let Some(data) = line.strip_prefix("data:").map(str::trim) else { continue };
        if data == "[DONE]" {
            return Ok(text);
        }
        let part: Part =
            serde_json::from_str(data).map_err(|error| bad_reply(model, hidden(model, &error.to_string())))?;
        for more in part.choices.into_iter().filter_map(|choice| choice.delta.content).filter(|more| !more.is_empty()) {
            // Blanks alone are no answer, and what is not one is not shown.
            let is_blank = text.trim().is_empty();
            text += &more;
            match text.trim_start() {
                "" => {}
                begun if is_blank => cx.emit(begun),
                _ => cx.emit(&more),
            }
        }
    }
    Err(failed(model, ureq::Error::Io(ErrorKind::UnexpectedEof.into())))
}

fn send(model: &Model, body: &[u8]) -> Result<Response<Body>, ModelError> {
    let mut config = Agent::config_builder()
        .timeout_global(Some(model.timeout))
        // The body of a refusal says why, so a status is no error yet.
        .http_status_as_error(false)
        // A redirect would carry the question, and with it the passages, to an address that nobody has set.
        .max_redirects(0)
        .user_agent(concat!("flowc-ask/", env!("CARGO_PKG_VERSION")));
    if on_this_machine(&model.endpoint) {
        // A proxy, which the environment may name, cannot reach it.
        config = config.proxy(None);
    }
    let mut request = Agent::new_with_config(config.build()).post(&model.endpoint).content_type("application/json");
    if let Some(key) = &model.key {
        request = request.header("authorization", format!("Bearer {}", key.0));
    }
    request.send(body).map_err(|error| failed(model, error))
}

fn on_this_machine(url: &str) -> bool {
    let uri: Option<Uri> = url.parse().ok();
    uri.as_ref().and_then(Uri::host).is_some_and(|host| {
        let address: Result<IpAddr, _> = host.trim_matches(['[', ']']).parse();
        address.map_or(host.eq_ignore_ascii_case("localhost"), |address| address.is_loopback())
    })
}

fn failed(model: &Model, error: ureq::Error) -> ModelError {
    let url = model.endpoint.clone();
    match error {
        ureq::Error::Timeout(_) => ModelError::Timeout { url, seconds: model.timeout.as_secs() },
        ureq::Error::Io(error) => {
            let why = match error.kind() {
                ErrorKind::ConnectionRefused => "the connection was refused".into(),
                ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset | ErrorKind::BrokenPipe => {
                    "the connection was cut before the reply was whole".into()
                }
                _ => hidden(model, &error.to_string()),
            };
            ModelError::Unreachable { url, why }
        }
        ureq::Error::HostNotFound => ModelError::Unreachable { url, why: "its host is not known".into() },
        ureq::Error::BodyExceedsLimit(_) => bad_reply(model, format!("it has more than {MOST_BYTES} bytes")),
        ureq::Error::Protocol(error) => bad_reply(model, hidden(model, &error.to_string())),
        other => ModelError::Unreachable { url, why: hidden(model, &other.to_string()) },
    }
}

fn refused(model: &Model, status: u16, body: &str) -> ModelError {
    let help = match status {
        300..400 => "it wants to send the question elsewhere; set `ASK_MODEL_URL` to the final address",
        400 => "check that `ASK_MODEL` names a model that can chat",
        401 | 403 => "check `ASK_API_KEY`",
        404 => "check that `ASK_MODEL_URL` ends like `/v1` and that `ASK_MODEL` is served there",
        408 | 429 => "wait a little and ask again",
        500.. => "the server has a problem; ask again later",
        _ => "check `ASK_MODEL_URL` and `ASK_MODEL`",
    };
    let said = what_it_says(body);
    let said = if said.is_empty() { said } else { format!(": {}", hidden(model, &said)) };
    ModelError::Refused { url: model.endpoint.clone(), status, said, help }
}

/// The message in an error body: that of the usual JSON shapes, else its first line, unless that is a web page.
fn what_it_says(body: &str) -> String {
    let value: Option<serde_json::Value> = serde_json::from_str(body).ok();
    let message = value.as_ref().and_then(|value| {
        let places = ["/error/message", "/error", "/message", "/detail"];
        places.iter().find_map(|place| value.pointer(place)?.as_str())
    });
    let text = message.or_else(|| if value.is_some() { None } else { body.trim().lines().next() }).unwrap_or_default();
    if text.starts_with('<') { String::new() } else { text.trim().trim_end_matches('.').to_owned() }
}

/// Text of the server, cut to a line's length and without the key, should the server echo it.
fn hidden(model: &Model, text: &str) -> String {
    let text = match &model.key {
        Some(key) => text.replace(&key.0, "(the key)"),
        None => text.to_owned(),
    };
    let line: String = text.chars().map(|sign| if sign.is_control() { ' ' } else { sign }).collect();
    match line.char_indices().nth(MOST_SHOWN) {
        Some((end, _)) => line.get(..end).unwrap_or_default().to_owned() + "…",
        None => line,
    }
}

fn bad_reply(model: &Model, why: String) -> ModelError {
    ModelError::BadReply { url: model.endpoint.clone(), why }
}
