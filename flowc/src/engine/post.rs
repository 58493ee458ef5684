//! Sending signals to runs.

use std::future::Future;
use std::time::SystemTime;

use serde::Serialize;

use super::core::Core;
use super::mail::Letter;
use super::run::Run;
use super::watch::Watch;
use crate::id::RunId;
use crate::step::Workflow;
use crate::wait::{Delivery, SignalError};

impl<W: Workflow> Run<W> {
    /// Sends a signal to the run: a step [`signal`](crate::signal()) with this name takes it, now or when it begins. It is sent once the future
    /// is awaited.
    ///
    /// # Errors
    /// The run is over; a step waits for the signal and cannot read the value; the value cannot be written as JSON; or the journal of the run
    /// could not store it.
    pub fn signal<T: Serialize>(
        &self,
        name: &str,
        value: T,
    ) -> impl Future<Output = Result<Delivery, SignalError>> + Send + use<W, T> {
        self.watch_ref().signal(name, value)
    }

    /// The same where the sender may send it again, as after an error, or because it hears of it twice: of the signals with one key the run
    /// gets the first.
    ///
    /// # Errors
    /// As [`signal`](Self::signal).
    pub fn signal_once<T: Serialize>(
        &self,
        key: &str,
        name: &str,
        value: T,
    ) -> impl Future<Output = Result<Delivery, SignalError>> + Send + use<W, T> {
        self.watch_ref().signal_once(key, name, value)
    }
}

impl Watch {
    /// As [`Run::signal`].
    ///
    /// # Errors
    /// As [`Run::signal`].
    pub fn signal<T: Serialize>(
        &self,
        name: &str,
        value: T,
    ) -> impl Future<Output = Result<Delivery, SignalError>> + Send + use<T> {
        let (core, letter) = (self.core.clone(), letter(None, name, &value));
        async move { core.send(letter?).await }
    }

    /// As [`Run::signal_once`].
    ///
    /// # Errors
    /// As [`Run::signal`].
    pub fn signal_once<T: Serialize>(
        &self,
        key: &str,
        name: &str,
        value: T,
    ) -> impl Future<Output = Result<Delivery, SignalError>> + Send + use<T> {
        let (core, letter) = (self.core.clone(), letter(Some(key), name, &value));
        async move { core.send(letter?).await }
    }
}

/// A signal that is ready to go.
pub(super) fn letter<T: Serialize>(key: Option<&str>, name: &str, value: &T) -> Result<Letter, SignalError> {
    let value = serde_json::to_string(value)
        .map_err(|error| SignalError::Unwritable { signal: name.to_owned(), why: error.to_string() })?;
    let key = key.map_or_else(|| RunId::new().to_string(), str::to_owned);
    Ok(Letter { key, name: name.to_owned(), value, sent: SystemTime::now() })
}

impl Core {
    pub(super) async fn send(&self, letter: Letter) -> Result<Delivery, SignalError> {
        let signal = || letter.name.clone();
        if self.is_over() {
            return Err(SignalError::Over { run: self.run.id, signal: signal() });
        }
        self.mail.check(&letter.name, &letter.value).map_err(|why| SignalError::WrongType { signal: signal(), why })?;
        #[cfg(feature = "journal")]
        if let Some(durable) = &self.durable {
            let posted = durable.store(self.run.id, letter.clone().into()).await;
            let delivery = super::durable::delivery(posted, self.run.id, signal())?;
            // What was stored before is here, or about to be, and may have another value.
            if delivery == Delivery::Delivered {
                self.mail.post(letter);
            }
            return Ok(delivery);
        }
        Ok(self.mail.post(letter))
    }
}
