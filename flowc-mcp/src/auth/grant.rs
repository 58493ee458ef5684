//! What an authorization server gave us, and how it is written down.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use flowc::Secret;
use serde::{Deserialize, Serialize};

use super::challenge::words;
use super::client::Registration;

/// A token is renewed so long before it ends, or in the second half of its life if that is short.
const EARLY: u64 = 30;

/// All that is stored for one server.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Record {
    /// Who gave it. What is in here is shown to nobody else.
    pub(super) issuer: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) registration: Option<Registration>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) grant: Option<Grant>,
}

/// A token, and what it is good for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Grant {
    #[serde(with = "plain")]
    pub(super) access: Option<Secret<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none", with = "plain")]
    pub(super) refresh: Option<Secret<String>>,
    /// In seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) renew_at: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) ends_at: Option<u64>,
    /// What was asked for and what was given, together.
    pub(super) scopes: Vec<String>,
}

/// The answer of a token endpoint.
#[derive(Deserialize)]
pub(super) struct TokenReply {
    #[serde(default, with = "plain")]
    access_token: Option<Secret<String>>,
    pub(super) token_type: Option<String>,
    expires_in: Option<serde_json::Value>,
    #[serde(default, with = "plain")]
    refresh_token: Option<Secret<String>>,
    scope: Option<String>,
}

impl Grant {
    /// A grant from the answer, if there is a token in it.
    pub(super) fn of(reply: TokenReply, asked: &[String], before: Option<&Self>) -> Option<Self> {
        let access = reply.access_token.filter(|token| !token.expose().is_empty())?;
        // Some servers write the number as a text.
        let life = reply.expires_in.and_then(|life| {
            life.as_u64().or_else(|| life.as_f64().map(whole)).or_else(|| life.as_str()?.trim().parse().ok())
        });
        // A life of nothing is a way to say nothing: such a token would be of no use.
        let life = life.filter(|life| *life > 0);
        let now = now();
        let mut scopes = asked.to_vec();
        add(&mut scopes, reply.scope.as_deref().map(words).unwrap_or_default());
        Some(Self {
            access: Some(access),
            refresh: reply.refresh_token.or_else(|| before?.refresh.clone()),
            renew_at: life.map(|life| now.saturating_add(life - EARLY.min(life / 2))),
            ends_at: life.map(|life| now.saturating_add(life)),
            scopes,
        })
    }

    pub(super) fn is_old(&self) -> bool {
        self.renew_at.is_some_and(|at| at <= now())
    }

    pub(super) fn has_ended(&self) -> bool {
        self.ends_at.is_some_and(|at| at <= now())
    }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn whole(seconds: f64) -> u64 {
    // A cast of a float stops at the ends of the range.
    seconds as u64
}

/// Adds what is not there yet.
pub(super) fn add(scopes: &mut Vec<String>, more: impl IntoIterator<Item = String>) {
    for scope in more {
        if !scopes.contains(&scope) {
            scopes.push(scope);
        }
    }
}

pub(super) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs()
}

/// Secrets, written so that they can be read again: in the one place that is made for it.
pub(super) mod plain {
    use flowc::Secret;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    // The signature is that of serde.
    #[allow(clippy::ref_option)]
    pub(crate) fn serialize<S: Serializer>(secret: &Option<Secret<String>>, serializer: S) -> Result<S::Ok, S::Error> {
        secret.as_ref().map(Secret::expose).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Secret<String>>, D::Error> {
        Ok(Option::<String>::deserialize(deserializer)?.map(Secret::new))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn grant(reply: &str, before: Option<&Grant>) -> Option<Grant> {
        Grant::of(serde_json::from_str(reply).unwrap(), &["a".to_owned()], before)
    }

    #[test]
    fn a_reply_becomes_a_grant() {
        let grant_ =
            grant(r#"{"access_token":"t","expires_in":"3600","refresh_token":"r","scope":"a b"}"#, None).unwrap();
        assert_eq!(grant_.ends_at.unwrap() - grant_.renew_at.unwrap(), 30);
        assert_eq!(grant_.scopes, ["a", "b"]);
        let next = grant(r#"{"access_token":"u","expires_in":10.9}"#, Some(&grant_)).unwrap();
        assert_eq!(next.ends_at.unwrap() - next.renew_at.unwrap(), 5);
        assert_eq!(next.refresh.unwrap().expose(), "r");
        let forever = grant(r#"{"access_token":"u"}"#, None).unwrap();
        assert!(!forever.is_old() && !forever.has_ended());
        assert!(!grant(r#"{"access_token":"u","expires_in":0}"#, None).unwrap().is_old());
        assert!(grant(r#"{"access_token":""}"#, None).is_none());
    }

    #[test]
    fn a_record_is_written_and_read_and_not_shown() {
        let record =
            Record { issuer: "i".to_owned(), registration: None, grant: grant(r#"{"access_token":"t0p"}"#, None) };
        assert!(!format!("{record:?}").contains("t0p"));
        let text = serde_json::to_string(&record).unwrap();
        let read: Record = serde_json::from_str(&text).unwrap();
        assert_eq!(read.grant.unwrap().access.unwrap().expose(), "t0p");
    }
}
