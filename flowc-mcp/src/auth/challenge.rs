//! What a server says in `WWW-Authenticate` when it wants to know who asks.

/// What the challenge for a bearer token says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Bearer {
    /// Where the metadata of the server is.
    pub(super) metadata: Option<String>,
    /// The scopes that this request needs.
    pub(super) scopes: Option<Vec<String>>,
    pub(super) error: Option<String>,
}

impl Bearer {
    /// Reads the first challenge with the scheme `Bearer`; there may be others before and after it.
    pub(super) fn read(header: &str) -> Option<Self> {
        let mut found: Option<Self> = None;
        let mut rest = header;
        loop {
            rest = rest.trim_start_matches(|c: char| c == ',' || c.is_whitespace());
            if rest.is_empty() {
                return found;
            }
            let word = rest.find(|c: char| c == ',' || c == '=' || c.is_whitespace()).unwrap_or(rest.len());
            let (name, after) = rest.split_at(word);
            if let Some(value) = after.trim_start().strip_prefix('=') {
                let (value, after) = value_of(value);
                if let Some(bearer) = &mut found {
                    bearer.set(name, value);
                }
                rest = after;
            } else {
                // A word without a value is the scheme of the next challenge.
                if found.is_some() {
                    return found;
                }
                found = name.eq_ignore_ascii_case("bearer").then(Self::default);
                rest = after;
            }
        }
    }

    fn set(&mut self, name: &str, value: String) {
        match name.to_ascii_lowercase().as_str() {
            "resource_metadata" => self.metadata = Some(value),
            "scope" => self.scopes = Some(words(&value)),
            "error" => self.error = Some(value),
            _ => {}
        }
    }

    /// Whether a token is good, but not for this.
    pub(super) fn wants_more_scope(&self) -> bool {
        self.error.as_deref() == Some("insufficient_scope")
    }
}

/// Scopes are words between spaces.
pub(super) fn words(text: &str) -> Vec<String> {
    text.split_ascii_whitespace().map(str::to_owned).collect()
}

/// A value, in quotes or not, and what comes after it.
fn value_of(text: &str) -> (String, &str) {
    let text = text.trim_start();
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(|c: char| c == ',' || c.is_whitespace()).unwrap_or(text.len());
        let (value, rest) = text.split_at(end);
        return (value.to_owned(), rest);
    };
    let (mut value, mut chars) = (String::new(), quoted.chars());
    while let Some(c) = chars.next() {
        match c {
            '"' => break,
            '\\' => value.extend(chars.next()),
            c => value.push(c),
        }
    }
    (value, chars.as_str())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn it_is_read_as_servers_write_it() {
        let read =
            Bearer::read(r#"Bearer error="insufficient_scope", scope="a b", resource_metadata="https://x/y?a=b,c""#)
                .unwrap();
        assert_eq!(read.metadata.as_deref(), Some("https://x/y?a=b,c"));
        assert_eq!(read.scopes.as_deref(), Some(&["a".to_owned(), "b".to_owned()][..]));
        assert!(read.wants_more_scope());
        let read = Bearer::read(
            r#"Digest realm="bearer, scope=x", nonce=1, bearer scope = files ,error=invalid_token, Basic realm="x""#,
        )
        .unwrap();
        assert_eq!(
            read,
            Bearer { metadata: None, scopes: Some(vec!["files".to_owned()]), error: Some("invalid_token".to_owned()) }
        );
        assert_eq!(Bearer::read("Bearer"), Some(Bearer::default()));
        assert_eq!(Bearer::read(r#"Bearer realm="a \"scope=x\" b""#), Some(Bearer::default()));
    }

    #[test]
    fn what_is_no_challenge_is_none() {
        for text in ["", "Basic realm=x", "=,=,\"", "scope=x", "\u{1F980} = \"", "\"", "a b c", "\n\r\u{c}", "a\n=\n"] {
            assert_eq!(Bearer::read(text), None, "{text}");
        }
    }
}
