//! What is known of why a connection ended, and what must not be said of it.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use flowc::Secret;

/// Shared between a transport, which learns why it ended, and whoever asks.
#[derive(Clone)]
pub(super) struct Ending(Arc<Mutex<Known>>);

#[derive(Default)]
struct Known {
    reason: Option<String>,
    /// The last lines that a program wrote to its standard error.
    said: VecDeque<String>,
    secrets: Vec<Secret<String>>,
}

/// So many lines are kept.
const LINES: usize = 8;

/// So many secrets are looked for.
#[cfg(feature = "http")]
const MOST: usize = 64;

/// A value that is shorter is no secret worth hiding, and would hide half of every text.
const SHORTEST: usize = 6;

impl Ending {
    pub(super) fn new(secrets: &[Secret<String>]) -> Self {
        let secrets = secrets.iter().filter(|secret| secret.expose().len() >= SHORTEST).cloned().collect();
        Self(Arc::new(Mutex::new(Known { secrets, ..Known::default() })))
    }

    /// One more secret: those of before may still be in what comes.
    #[cfg(feature = "http")]
    pub(super) fn hide(&self, secret: &Secret<String>) {
        let text = secret.expose();
        // What comes before the token is no secret, and may be missing where the token is repeated.
        let text = text.split_once(' ').map_or(text.as_str(), |(_, token)| token);
        let mut known = self.known();
        if text.len() >= SHORTEST && !known.secrets.iter().any(|known| known.expose() == text) {
            if known.secrets.len() >= MOST {
                known.secrets.remove(0);
            }
            known.secrets.push(Secret::new(text.to_owned()));
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Why it ended; what is told first counts.
    pub(super) fn because(&self, reason: impl Into<String>) {
        let reason = self.redact(&reason.into());
        self.known().reason.get_or_insert(reason);
    }

    #[cfg(feature = "stdio")]
    pub(super) fn heard(&self, line: &str) {
        let line = self.redact(line);
        let mut known = self.known();
        if known.said.len() == LINES {
            known.said.pop_front();
        }
        known.said.push_back(line);
    }

    /// Why it ended, with the last words of the program.
    pub(super) fn told(&self) -> Option<String> {
        let known = self.known();
        let reason = known.reason.clone()?;
        if known.said.is_empty() {
            return Some(reason);
        }
        let said: Vec<_> = known.said.iter().map(String::as_str).collect();
        Some(format!("{reason}; its last words were: {}", said.join(" | ")))
    }

    /// A text without the secrets that are known.
    pub(super) fn redact(&self, text: &str) -> String {
        let known = self.known();
        known.secrets.iter().fold(text.to_owned(), |text, secret| text.replace(secret.expose(), "[redacted]"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_not_repeated() {
        let ending = Ending::new(&[Secret::new("s3cret-key".to_owned())]);
        ending.heard("the key s3cret-key is wrong");
        ending.because("it ended");
        ending.because("something else");
        assert_eq!(ending.told().unwrap(), "it ended; its last words were: the key [redacted] is wrong");
    }
}
