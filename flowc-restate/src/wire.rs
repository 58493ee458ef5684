//! What is sent, as Restate and people see it: values stand in it as JSON, not as texts of JSON.

use std::time::Duration;

use flowc::RunId;
use flowc::remote::{Call, Outcome, Start};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// How a run begins.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct StartWire {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) correlation_id: Option<String>,
    /// An array.
    pub(crate) inputs: Box<RawValue>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) timeout_ms: Option<u64>,
}

impl StartWire {
    pub(crate) fn of(start: Start) -> Result<Self, serde_json::Error> {
        let Start { correlation_id, inputs, timeout, .. } = start;
        let timeout_ms = timeout.map(|timeout| u64::try_from(timeout.as_millis()).unwrap_or(u64::MAX));
        Ok(Self { correlation_id, inputs: RawValue::from_string(inputs)?, timeout_ms })
    }

    pub(crate) fn into_start(self, key: &str) -> Start {
        let Self { correlation_id, inputs, timeout_ms } = self;
        let timeout = timeout_ms.map(Duration::from_millis);
        Start { run: run_id(key), correlation_id, inputs: inputs.get().to_owned(), timeout }
    }
}

/// One call of a node; the node is the handler.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct CallWire {
    run: RunId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    correlation_id: Option<String>,
    step: String,
    key: String,
    inputs: Box<RawValue>,
}

impl CallWire {
    /// The call without its node.
    pub(crate) fn of(call: Call) -> Result<Self, serde_json::Error> {
        let Call { run, correlation_id, step, key, inputs, .. } = call;
        Ok(Self { run, correlation_id, step, key, inputs: RawValue::from_string(inputs)? })
    }

    pub(crate) fn into_call(self, node: &str) -> Call {
        let Self { run, correlation_id, step, key, inputs } = self;
        Call { node: node.to_owned(), run, correlation_id, step, key, inputs: inputs.get().to_owned() }
    }
}

/// What a call came to.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum OutcomeWire {
    /// What it gave.
    #[serde(rename = "output")]
    Output(Box<RawValue>),
    /// How it failed.
    #[serde(rename = "failure")]
    Failure(Box<RawValue>),
}

impl OutcomeWire {
    pub(crate) fn of(outcome: Outcome) -> Result<Self, serde_json::Error> {
        let value = RawValue::from_string(outcome.value)?;
        Ok(if outcome.failed { Self::Failure(value) } else { Self::Output(value) })
    }
}

impl From<OutcomeWire> for Outcome {
    fn from(wire: OutcomeWire) -> Self {
        let (failed, value) = match wire {
            OutcomeWire::Output(value) => (false, value),
            OutcomeWire::Failure(value) => (true, value),
        };
        Self { failed, value: value.get().to_owned() }
    }
}

/// A signal, on its way to the mailbox of its run.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct SignalWire {
    pub(crate) name: String,
    /// Of several with one key, the first is taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) key: Option<String>,
    pub(crate) value: Box<RawValue>,
}

/// A signal with its place among those of its name.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct LetterWire {
    pub(crate) place: String,
    pub(crate) value: Box<RawValue>,
}

/// The promise that the `nth` signal of a name keeps.
pub(crate) fn place(name: &str, nth: u64) -> String {
    format!("{name}#{nth}")
}

/// The id of the run that has this key: the key, if it is an id, or else a number made from it.
pub(crate) fn run_id(key: &str) -> RunId {
    key.parse().unwrap_or_else(|_| RunId::from_u128(number(key.as_bytes())))
}

/// FNV-1a, of 128 bits.
pub(crate) fn number(bytes: &[u8]) -> u128 {
    bytes.iter().fold(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d, |hash: u128, byte| {
        (hash ^ u128::from(*byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b)
    })
}
