//! `application/x-www-form-urlencoded`: bodies of token requests, and queries.

use flowc::Secret;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// What needs no escape in any part of an address.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

pub(super) fn encode(text: &str) -> String {
    utf8_percent_encode(text, PLAIN).to_string()
}

/// A form to be filled in. It remembers which of its values are secret.
#[derive(Default)]
pub(super) struct Form {
    text: String,
    secrets: Vec<Secret<String>>,
}

impl Form {
    pub(super) fn with(mut self, name: &str, value: &str) -> Self {
        self.push(name, value);
        self
    }

    pub(super) fn secret(mut self, name: &str, value: &Secret<String>) -> Self {
        self.push(name, value.expose());
        self.hide(value.clone());
        self
    }

    pub(super) fn push(&mut self, name: &str, value: &str) {
        let and = if self.text.is_empty() { "" } else { "&" };
        self.text.extend([and, name, "=", &encode(value)]);
    }

    /// Something secret that is sent beside the form.
    pub(super) fn hide(&mut self, secret: Secret<String>) {
        self.secrets.push(secret);
    }

    pub(super) fn into_parts(self) -> (Secret<String>, Vec<Secret<String>>) {
        (Secret::new(self.text), self.secrets)
    }

    /// An address with the form as its query.
    pub(super) fn after(self, url: &str) -> String {
        let sign = if url.contains('?') { '&' } else { '?' };
        format!("{url}{sign}{}", self.text)
    }
}

/// The values of a query.
pub(super) fn decode(query: &str) -> Vec<(String, String)> {
    let plain = |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (plain(name), plain(value)))
        .collect()
}

/// What somebody else says, fit to be shown: one line, not long, and nothing in it that is secret.
pub(super) fn shown(text: &str, secrets: &[Secret<String>]) -> String {
    let mut text = text.to_owned();
    for secret in secrets.iter().filter(|secret| secret.expose().len() > 3) {
        for form in [secret.expose().clone(), encode(secret.expose())] {
            text = text.replace(&form, "[redacted]");
        }
    }
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(200).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_encoded_is_decoded() {
        let values = ["", "a b&c=d", "ü/?#+%", "https://x/y?z=1"];
        for value in values {
            let form = Form::default().with("a", "1").with("b", value);
            let url = form.after("https://x/y?c=2");
            let (_, query) = url.split_once('?').unwrap_or_default();
            assert_eq!(decode(query).pop(), Some(("b".to_owned(), value.to_owned())));
        }
        assert_eq!(
            decode("a=b+c&d&&=e"),
            [("a", "b c"), ("d", ""), ("", "e")].map(|(a, b)| (a.to_owned(), b.to_owned()))
        );
    }

    #[test]
    fn what_is_shown_has_no_secret() {
        let form = Form::default().secret("code", &"s3cret/code".into());
        let (body, secrets) = form.into_parts();
        assert_eq!(body.expose(), "code=s3cret%2Fcode");
        assert_eq!(shown("bad\ncode `s3cret/code`, s3cret%2Fcode\u{7}", &secrets), "bad code `[redacted]`, [redacted]");
        assert_eq!(shown(&"x".repeat(999), &[]).len(), 200);
    }
}
