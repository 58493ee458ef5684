use serde::{Deserialize, Serialize};

use super::codec::Codec;
use crate::error::{Failure, FailureKind};
use crate::run::At;

/// The failure of a step as it is stored.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct StoredFailure {
    kind: FailureKind,
    text: String,
    help: Option<String>,
    attempts: u32,
    /// The node's own error as JSON, where its type can be stored.
    error: Option<String>,
}

impl StoredFailure {
    pub(crate) fn of<E>(failure: &Failure<E>, text: String, codec: Option<Codec<E>>) -> Self {
        let error = failure.error().zip(codec).and_then(|(error, codec)| (codec.write)(error).ok());
        let help = (failure.help() != failure.kind().help()).then(|| failure.help().to_owned());
        Self { kind: failure.kind(), text, help, attempts: failure.attempts(), error }
    }

    /// The failure as it was. Where its error could not be stored it has none, though it is of the kind `Error`.
    pub(crate) fn restore<E, X: Copy>(self, at: At<'_, X>, codec: Option<Codec<E>>) -> Failure<E> {
        let error = self.error.zip(codec).and_then(|(error, codec)| (codec.read)(&error).ok());
        let failure = match error {
            Some(error) => at.fail_with(error),
            None => at.fail(self.kind, self.text),
        };
        let failure = failure.with_attempts(self.attempts);
        match self.help {
            Some(help) => failure.with_help(help),
            None => failure,
        }
    }
}
