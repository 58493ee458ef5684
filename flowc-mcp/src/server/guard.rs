//! Whether a request comes from where it may come from. A web page that a person looks at could otherwise call a server on the
//! person's own machine.

use http::header::{HOST, HeaderMap, ORIGIN};

/// The names of the own machine.
pub(super) const OWN: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// What a request may say of where it goes, and where it comes from.
pub(super) struct Guard {
    hosts: Vec<String>,
    origins: Vec<String>,
}

impl Guard {
    /// Without hosts only the own machine is let in, and pages of it.
    pub(super) fn new(hosts: &[String], origins: &[String]) -> Self {
        let own = || OWN.iter().map(ToString::to_string);
        if hosts.is_empty() {
            let pages = own().flat_map(|host| [format!("http://{host}:*"), format!("https://{host}:*")]);
            return Self { hosts: own().collect(), origins: pages.chain(origins.iter().cloned()).collect() };
        }
        Self { hosts: hosts.to_vec(), origins: origins.to_vec() }
    }

    /// Whether the request is let in, or why not.
    pub(super) fn check(&self, uri_host: Option<&str>, headers: &HeaderMap) -> Result<(), &'static str> {
        let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or_default());
        let host = text(HOST).or(uri_host).ok_or("the request names no host")?;
        if !self
            .hosts
            .iter()
            .any(|known| known.eq_ignore_ascii_case(host) || known.eq_ignore_ascii_case(without_port(host)))
        {
            return Err("the request is for another host; the server's `host(..)` says which are its own");
        }
        // Programs send no origin; a browser always does for a page of somebody else.
        match text(ORIGIN) {
            Some(origin) if !self.origins.iter().any(|known| matches(known, origin)) => {
                Err("pages of this origin may not call; the server's `origin(..)` says which may")
            }
            _ => Ok(()),
        }
    }
}

/// The host alone, of `name:80`, `[::1]:80` or a name.
fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

/// `https://a.example`, `http://localhost:8080`, or `http://localhost:*` for all ports.
fn matches(known: &str, origin: &str) -> bool {
    match known.strip_suffix(":*") {
        Some(known) => known.eq_ignore_ascii_case(origin) || known.eq_ignore_ascii_case(without_port(origin)),
        None => known.eq_ignore_ascii_case(origin),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(guard: &Guard, host: &str, origin: Option<&str>) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, host.parse().unwrap());
        if let Some(origin) = origin {
            headers.insert(ORIGIN, origin.parse().unwrap());
        }
        guard.check(None, &headers).is_ok()
    }

    #[test]
    fn only_the_own_machine_if_nothing_is_said() {
        let guard = Guard::new(&[], &[]);
        assert!(checked(&guard, "localhost:8080", None));
        assert!(checked(&guard, "[::1]:8080", Some("http://127.0.0.1:3000")));
        assert!(!checked(&guard, "evil.example:8080", None));
        assert!(!checked(&guard, "localhost.evil.example", None));
        assert!(!checked(&guard, "localhost:8080", Some("http://evil.example")));
        assert!(!checked(&guard, "localhost:8080", Some("http://localhost.evil.example:80")));
        assert!(!checked(&guard, "localhost:8080", Some("null")));
        assert!(Guard::new(&[], &[]).check(None, &HeaderMap::new()).is_err());
    }

    #[test]
    fn what_is_said_is_all_that_is_let_in() {
        let guard = Guard::new(&["tools.example".to_owned()], &["https://app.example".to_owned()]);
        assert!(checked(&guard, "Tools.example:443", Some("https://app.example")));
        assert!(!checked(&guard, "localhost", None));
        assert!(!checked(&guard, "tools.example", Some("https://app.example:8443")));
        assert!(!checked(&guard, "tools.example", Some("http://localhost:3000")));
    }
}
