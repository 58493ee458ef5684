//! From bytes to messages: one JSON text per line, with a limit on its length.

use std::collections::VecDeque;

use rmcp::model::{ErrorCode, ErrorData, RequestId, ServerJsonRpcMessage};
use serde_json::Value;

/// A message was longer than the limit. Codes of ours never come from a server: they are far below those of JSON-RPC.
pub(super) const TOO_LARGE: ErrorCode = ErrorCode(i32::MIN + 1);

/// A message is an answer, but cannot be read.
pub(super) const GARBLED: ErrorCode = ErrorCode(i32::MIN + 2);

/// So much of a message that is too long is kept from either end, to find out what it answers.
const KEPT: usize = 256;

/// What is wrong with what came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wrong {
    /// It is no message. Its beginning.
    Noise(String),
    /// It is too long, and nobody knows what it answers.
    TooLong,
}

/// Messages, cut out of a stream of bytes.
pub(super) struct Frames {
    limit: usize,
    /// A line that has not come to its end.
    partial: Vec<u8>,
    /// The line is too long: its end is awaited, and only its last bytes are kept, in `partial` behind its first ones.
    skipping: bool,
    ready: VecDeque<ServerJsonRpcMessage>,
}

impl Frames {
    pub(super) fn new(limit: usize) -> Self {
        Self { limit, partial: Vec::new(), skipping: false, ready: VecDeque::new() }
    }

    /// The next message that is whole.
    pub(super) fn next(&mut self) -> Option<ServerJsonRpcMessage> {
        self.ready.pop_front()
    }

    /// Takes in bytes. What is no message is told.
    pub(super) fn feed(&mut self, mut bytes: &[u8], wrong: &mut dyn FnMut(Wrong)) {
        while let Some(end) = bytes.iter().position(|byte| *byte == b'\n') {
            let (line, rest) = bytes.split_at(end);
            bytes = rest.get(1..).unwrap_or_default();
            if self.partial.is_empty() && !self.skipping && line.len() <= self.limit {
                self.message(line, wrong);
                continue;
            }
            self.keep(line);
            let whole = std::mem::take(&mut self.partial);
            if std::mem::take(&mut self.skipping) {
                self.too_long(&whole, wrong);
            } else {
                self.message(&whole, wrong);
            }
        }
        self.keep(bytes);
    }

    /// The beginning of a line, of which no more than the limit is kept.
    fn keep(&mut self, bytes: &[u8]) {
        self.partial.extend_from_slice(bytes);
        if self.partial.len() > self.limit.max(2 * KEPT) {
            self.skipping = true;
        }
        if self.skipping && self.partial.len() > 2 * KEPT {
            let tail = self.partial.split_off(self.partial.len() - KEPT);
            self.partial.truncate(KEPT);
            self.partial.extend_from_slice(&tail);
            self.partial.shrink_to(2 * KEPT);
        }
    }

    fn too_long(&mut self, ends: &[u8], wrong: &mut dyn FnMut(Wrong)) {
        match answered(ends) {
            Some(id) => {
                let error = ErrorData::new(TOO_LARGE, "the message is too long", None);
                self.ready.push_back(ServerJsonRpcMessage::error(error, Some(RequestId::Number(id))));
            }
            None => wrong(Wrong::TooLong),
        }
    }

    /// One message, or several in an array.
    pub(super) fn message(&mut self, text: &[u8], wrong: &mut dyn FnMut(Wrong)) {
        let text = text.trim_ascii();
        if text.is_empty() {
            return;
        }
        if text.len() > self.limit {
            self.too_long(text, wrong);
            return;
        }
        if text.first() == Some(&b'[') {
            // The version 2025-03-26 had batches.
            if let Ok(batch) = serde_json::from_slice::<Vec<Value>>(text) {
                for value in batch {
                    self.one(value.to_string().as_bytes(), wrong);
                }
                return;
            }
        }
        self.one(text, wrong);
    }

    fn one(&mut self, text: &[u8], wrong: &mut dyn FnMut(Wrong)) {
        let error = match serde_json::from_slice::<ServerJsonRpcMessage>(text) {
            Ok(message) => return self.ready.push_back(message),
            Err(error) => error,
        };
        // An answer that cannot be read is an answer still: whoever waits for it is told.
        let value: Value = serde_json::from_slice(text).unwrap_or_default();
        let is_answer = value.get("result").is_some() || value.get("error").is_some();
        let id = value.get("id").filter(|_| is_answer);
        let id = id.and_then(|id| serde_json::from_value::<RequestId>(id.clone()).ok());
        match id {
            Some(id) => {
                let error = ErrorData::new(GARBLED, error.to_string(), None);
                self.ready.push_back(ServerJsonRpcMessage::error(error, Some(id)));
            }
            None => wrong(Wrong::Noise(String::from_utf8_lossy(text.get(..200).unwrap_or(text)).into_owned())),
        }
    }
}

/// The messages in these bytes, and what is wrong with the rest. For the fuzz target.
#[cfg(fuzzing)]
pub(super) fn read<'b>(limit: usize, pieces: impl IntoIterator<Item = &'b [u8]>) -> (Vec<String>, Vec<String>) {
    let (mut frames, mut messages, mut wrong) = (Frames::new(limit), Vec::new(), Vec::new());
    for piece in pieces {
        frames.feed(piece, &mut |it| wrong.push(format!("{it:?}")));
        messages.extend(std::iter::from_fn(|| frames.next()).map(|message| format!("{message:?}")));
        assert!(frames.partial.len() <= limit.max(2 * KEPT), "{} bytes are kept", frames.partial.len());
    }
    (messages, wrong)
}

/// What a message answers, by its first and last bytes. Some servers write the id first, some last.
fn answered(ends: &[u8]) -> Option<i64> {
    let text = String::from_utf8_lossy(ends);
    let number = |after: &str| {
        let digits: String =
            after.trim_start().strip_prefix(':')?.trim_start().chars().take_while(char::is_ascii_digit).collect();
        digits.parse::<i64>().ok()
    };
    // In front of the result, or at the very end: anywhere else it is the id of something inside of the result.
    let head = text.split("\"result\"").next().unwrap_or_default();
    let last = text.rfind("\"id\"").and_then(|at| text.get(at..)).filter(|tail| tail.trim_end().len() < 28);
    let (_, first) = head.split_once("\"id\"").unwrap_or_default();
    number(first).or_else(|| number(last?.strip_prefix("\"id\"")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frames(limit: usize, chunks: &[&[u8]]) -> (Vec<String>, Vec<Wrong>) {
        let (mut frames, mut wrongs) = (Frames::new(limit), Vec::new());
        for chunk in chunks {
            frames.feed(chunk, &mut |wrong| wrongs.push(wrong));
        }
        let messages = std::iter::from_fn(|| frames.next()).map(|message| serde_json::to_string(&message).unwrap());
        (messages.collect(), wrongs)
    }

    const PONG: &[u8] = br#"{"jsonrpc":"2.0","id":7,"result":{}}"#;

    #[test]
    fn a_message_may_come_in_any_pieces() {
        let line = [PONG, b"\n", PONG, b"\r\n\n"].concat();
        for cut in 0..line.len() {
            let (messages, wrongs) = frames(1000, &[&line[..cut], &line[cut..]]);
            assert_eq!((messages.len(), wrongs), (2, vec![]), "cut at {cut}");
        }
    }

    #[test]
    fn noise_is_told_and_the_next_message_is_read() {
        let (messages, wrongs) = frames(1000, &[b"Listening on port 5\n", PONG, b"\n"]);
        assert_eq!(messages.len(), 1);
        assert_eq!(wrongs, [Wrong::Noise("Listening on port 5".to_owned())]);
    }

    #[test]
    fn an_answer_that_is_too_long_fails_its_call_wherever_its_id_stands() {
        let first = format!(r#"{{"jsonrpc":"2.0","id":7,"result":{{"id":9,"a":"{}"}}}}"#, "x".repeat(5000));
        let last = format!(r#"{{"result":{{"id":9,"a":"{}"}},"jsonrpc":"2.0","id":7}}"#, "x".repeat(5000));
        for long in [first, last] {
            let (messages, wrongs) = frames(1000, &[long.as_bytes(), b"\n", PONG, b"\n"]);
            assert_eq!(wrongs, []);
            assert!(messages[0].contains(r#""id":7"#) && messages[0].contains("too long"), "{messages:?}");
            assert_eq!(messages.len(), 2);
        }
    }

    #[test]
    fn what_is_too_long_is_not_kept() {
        let mut frames = Frames::new(1000);
        for _ in 0..1000 {
            frames.feed(&[b'x'; 4096], &mut |_| ());
        }
        assert!(frames.partial.capacity() < 10_000, "{}", frames.partial.capacity());
        let mut wrongs = Vec::new();
        frames.feed(b"\n", &mut |wrong| wrongs.push(wrong));
        assert_eq!(wrongs, [Wrong::TooLong]);
    }

    #[test]
    fn a_batch_is_its_messages() {
        let batch = [b"[", PONG, b",", PONG, b"]\n"].concat();
        assert_eq!(frames(1000, &[&batch]).0.len(), 2);
    }

    #[test]
    fn an_answer_that_cannot_be_read_fails_its_call() {
        let (messages, wrongs) = frames(1000, &[b"{\"jsonrpc\":\"1.0\",\"id\":3,\"result\":{}}\n"]);
        assert!(messages[0].contains(r#""id":3"#) && messages[0].contains("error"), "{messages:?}");
        assert_eq!(wrongs, []);
    }

    proptest::proptest! {
        #[test]
        fn nothing_breaks_it(chunks in proptest::collection::vec(proptest::collection::vec(proptest::prelude::any::<u8>(), 0..300), 0..20)) {
            let chunks: Vec<&[u8]> = chunks.iter().map(Vec::as_slice).collect();
            frames(100, &chunks);
        }
    }
}
