//! By which name a model answers.

use std::sync::{Arc, OnceLock};

use serde::Deserialize;

/// It is said in one of the first pieces of a stream, if at all.
const PIECES: u32 = 4;
/// A longer piece or name is no place to look for it.
const LONGEST: usize = 16 << 10;
const NAME: usize = 128;

/// The name by which a model answers, once it is known.
#[derive(Clone, Default)]
pub(super) struct Named(Arc<OnceLock<String>>);

/// The pieces in which a protocol says it.
#[derive(Deserialize)]
struct Piece {
    /// OpenAI's chat completions, Ollama.
    model: Option<String>,
    /// Gemini.
    #[serde(rename = "modelVersion")]
    version: Option<String>,
    /// Anthropic.
    message: Option<Inner>,
    /// OpenAI's responses.
    response: Option<Inner>,
}

#[derive(Deserialize)]
struct Inner {
    model: Option<String>,
}

impl Named {
    /// Looks for it in a piece of a stream.
    pub(super) fn hear(&self, index: u32, piece: &str) {
        if index >= PIECES || piece.len() > LONGEST || self.0.get().is_some() {
            return;
        }
        let Ok(Piece { model, version, message, response }) = serde_json::from_str(piece) else { return };
        let inner = |part: Option<Inner>| part.and_then(|part| part.model);
        let name = model.or(version).or_else(|| inner(message)).or_else(|| inner(response));
        if let Some(name) = name.filter(|name| !name.is_empty() && name.len() <= NAME) {
            let _ = self.0.set(name);
        }
    }

    pub(super) fn get(&self) -> Option<String> {
        self.0.get().cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_protocol_says_it_in_its_own_place() {
        for (piece, name) in [
            (r#"{"id":"1","model":"gpt-4o-mini-2024-07-18","choices":[]}"#, Some("gpt-4o-mini-2024-07-18")),
            (r#"{"type":"response.created","response":{"id":"1","model":"gpt-5"}}"#, Some("gpt-5")),
            (r#"{"type":"message_start","message":{"model":"claude-4","usage":{}}}"#, Some("claude-4")),
            (r#"{"candidates":[],"modelVersion":"gemini-2.5-flash-001"}"#, Some("gemini-2.5-flash-001")),
            (r#"{"model":"llama3.2","message":{"role":"assistant","content":"Hi"},"done":false}"#, Some("llama3.2")),
            (r#"{"choices":[]}"#, None),
            (r#"{"model":7}"#, None),
            ("[DONE]", None),
        ] {
            let named = Named::default();
            named.hear(0, piece);
            assert_eq!(named.get().as_deref(), name, "{piece}");
        }
        let late = Named::default();
        late.hear(PIECES, r#"{"model":"late"}"#);
        assert_eq!(late.get(), None);
    }
}
