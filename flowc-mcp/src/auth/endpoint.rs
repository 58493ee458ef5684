//! Addresses that tokens and keys may be sent to.

use std::net::IpAddr;

use http::Uri;

use super::error::{AuthError, AuthErrorKind};

/// An absolute `http` or `https` address without a user, a password or a fragment.
///
/// There is one reader of addresses, and it gives both what is checked and what is connected to: two that understand one text in
/// two ways are how checks are got around.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Endpoint {
    text: String,
    uri: Uri,
}

impl Endpoint {
    pub(crate) fn parse(text: &str) -> Result<Self, AuthError> {
        let wrong = |reason| AuthErrorKind::Address { url: text.to_owned(), reason };
        let uri: Uri = text.parse().map_err(|_| wrong("it is no absolute address"))?;
        if !matches!(uri.scheme_str(), Some("http" | "https")) {
            return Err(wrong("it is neither `http` nor `https`").into());
        }
        if uri.host().is_none_or(str::is_empty) {
            return Err(wrong("it names no host").into());
        }
        if uri.authority().is_some_and(|authority| authority.as_str().contains('@')) {
            return Err(wrong("it names a user").into());
        }
        if text.contains('#') {
            return Err(wrong("it has a fragment").into());
        }
        Ok(Self { text: text.to_owned(), uri })
    }

    /// The address as it was written.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    pub(crate) fn is_secure(&self) -> bool {
        self.uri.scheme_str() == Some("https")
    }

    /// The host in lower case; an IPv6 address without its brackets.
    pub(crate) fn host(&self) -> String {
        let host = self.uri.host().unwrap_or_default();
        host.trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase()
    }

    /// The address that the host is, if it is no name.
    pub(crate) fn ip(&self) -> Option<IpAddr> {
        self.host().parse().ok()
    }

    pub(crate) fn port(&self) -> u16 {
        self.uri.port_u16().unwrap_or(if self.is_secure() { 443 } else { 80 })
    }

    /// What the header `Host` says.
    pub(crate) fn authority(&self) -> &str {
        self.uri.authority().map_or("", http::uri::Authority::as_str)
    }

    pub(crate) fn path(&self) -> &str {
        self.uri.path()
    }

    /// What a request line says.
    pub(crate) fn path_and_query(&self) -> &str {
        self.uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str)
    }

    /// Scheme, host and port, always written in the same way.
    pub(crate) fn origin(&self) -> String {
        let (scheme, host) = (if self.is_secure() { "https" } else { "http" }, self.host());
        let host = if host.contains(':') { format!("[{host}]") } else { host };
        let usual = if self.is_secure() { 443 } else { 80 };
        if self.port() == usual { format!("{scheme}://{host}") } else { format!("{scheme}://{host}:{}", self.port()) }
    }

    pub(crate) fn same_origin(&self, other: &Self) -> bool {
        self.origin() == other.origin()
    }

    /// Another place of the same origin.
    pub(crate) fn at(&self, path: &str) -> Result<Self, AuthError> {
        Self::parse(&format!("{}{path}", self.origin()))
    }

    /// Where a redirect of this address leads, if it stays at the same origin.
    pub(crate) fn redirected(&self, location: &str) -> Option<Self> {
        let next = if location.starts_with('/') && !location.starts_with("//") {
            self.at(location)
        } else {
            Self::parse(location)
        };
        next.ok().filter(|next| next.same_origin(self))
    }

    /// Whether what is said of this resource holds for an address: it is the same, or lies below it.
    pub(crate) fn covers(&self, other: &Self) -> bool {
        let (whole, part) = (self.path().trim_end_matches('/'), other.path());
        let below = part.strip_prefix(whole).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        self.same_origin(other) && below && self.uri.query().is_none_or(|query| other.uri.query() == Some(query))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn endpoint(text: &str) -> Endpoint {
        Endpoint::parse(text).unwrap()
    }

    #[test]
    fn only_plain_absolute_addresses_are_read() {
        let bad = [
            "",
            "/token",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "https://",
            "https://a@b/",
            "https://user:pw@b/",
            "https://a/#b",
        ];
        for text in bad {
            assert!(Endpoint::parse(text).is_err(), "{text}");
        }
        assert_eq!(endpoint("https://Auth.Example:443/x").origin(), "https://auth.example");
        assert_eq!(endpoint("http://[::1]:8080/x?y=z").origin(), "http://[::1]:8080");
        assert_eq!(endpoint("http://[::1]:8080/x?y=z").ip(), Some("::1".parse().unwrap()));
        assert_eq!(endpoint("https://a/x?y=z").path_and_query(), "/x?y=z");
    }

    #[test]
    fn a_resource_covers_what_is_below_it() {
        let server = endpoint("https://a.example/v1/mcp");
        for resource in
            ["https://a.example", "https://a.example/", "https://A.example:443/v1", "https://a.example/v1/mcp/"]
        {
            assert!(endpoint(resource).covers(&server), "{resource}");
        }
        for resource in
            ["https://b.example/v1/mcp", "http://a.example/v1/mcp", "https://a.example/v", "https://a.example/v1/mcp/x"]
        {
            assert!(!endpoint(resource).covers(&server), "{resource}");
        }
    }

    #[test]
    fn a_redirect_stays_at_home() {
        let from = endpoint("https://a.example/x");
        assert_eq!(from.redirected("/y").unwrap().as_str(), "https://a.example/y");
        assert!(from.redirected("https://a.example/y").is_some());
        for away in [
            "//b.example/y",
            "https://b.example/y",
            "http://a.example/y",
            "https://a.example:8443/y",
            "https://a.example@b/",
        ] {
            assert!(from.redirected(away).is_none(), "{away}");
        }
    }
}
