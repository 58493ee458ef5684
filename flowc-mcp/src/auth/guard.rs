//! Which addresses are called. What a server publishes names more addresses, and must not be a way into somebody's own network.

use std::io;
use std::net::{IpAddr, SocketAddr};

use flowc::__reach::Reach;

use super::endpoint::Endpoint;
use super::error::{AuthError, AuthErrorKind};

/// Decides where tokens, keys and questions go.
#[derive(Debug, Clone)]
pub(crate) struct Guard {
    server: Endpoint,
    home: Reach,
    private: bool,
}

impl Guard {
    /// `private` lets other servers than the MCP server be in a private network.
    pub(crate) fn new(server: Endpoint, private: bool) -> Self {
        // What counts is what the user wrote: the name of a stranger can lead here today and there tomorrow.
        let host = server.host();
        let home = match server.ip() {
            Some(ip) => Reach::of(ip),
            None if is_this_machine(&host) => Reach::Loopback,
            None => Reach::Everybody,
        };
        Self { server, home, private }
    }

    /// The addresses that may be connected to. The connection has to be made to one of these: a name that is looked up a second
    /// time may say something else.
    pub(crate) async fn addresses(&self, url: &Endpoint) -> Result<Vec<SocketAddr>, AuthError> {
        let found: Vec<SocketAddr> = match url.ip() {
            Some(ip) => vec![SocketAddr::new(ip, url.port())],
            None => {
                let unknown = |source| AuthErrorKind::Connect { url: url.as_str().to_owned(), source };
                tokio::net::lookup_host((url.host(), url.port())).await.map_err(unknown)?.collect()
            }
        };
        if found.is_empty() {
            let source = io::Error::new(io::ErrorKind::NotFound, "the host has no address");
            return Err(AuthErrorKind::Connect { url: url.as_str().to_owned(), source }.into());
        }
        let mut reason = "";
        let allowed =
            found.into_iter().filter(|address| self.allows(url, address.ip()).map_err(|why| reason = why).is_ok());
        let allowed: Vec<_> = allowed.collect();
        if allowed.is_empty() {
            return Err(AuthErrorKind::Forbidden { url: url.as_str().to_owned(), reason }.into());
        }
        Ok(allowed)
    }

    /// Whether an address may be connected to later, as far as can be told without looking up its name.
    #[cfg(feature = "discovery")]
    pub(crate) fn plausible(&self, url: &Endpoint) -> Result<(), AuthError> {
        let reach = match url.ip() {
            Some(ip) => ip,
            None if is_this_machine(&url.host()) => IpAddr::from([127, 0, 0, 1]),
            // Some address that everybody reaches.
            None => IpAddr::from([1, 1, 1, 1]),
        };
        let forbidden = |reason| AuthErrorKind::Forbidden { url: url.as_str().to_owned(), reason };
        self.allows(url, reach).map_err(|reason| forbidden(reason).into())
    }

    fn allows(&self, url: &Endpoint, ip: IpAddr) -> Result<(), &'static str> {
        // The server itself is spoken to anyway, wherever it is.
        let own = url.same_origin(&self.server);
        let reach = Reach::of(ip);
        match reach {
            Reach::Never => return Err("it is an address that no server has"),
            Reach::Private if !(own || self.private || self.home == Reach::Private) => {
                return Err("it is in a private network, and the server is not");
            }
            Reach::Loopback if !(own || self.home == Reach::Loopback) => {
                return Err("it is this machine, and the server is not");
            }
            _ => {}
        }
        if url.is_secure() || reach == Reach::Loopback { Ok(()) } else { Err("it is not `https`") }
    }
}

fn is_this_machine(host: &str) -> bool {
    host == "localhost" || host.ends_with(".localhost")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn endpoint(text: &str) -> Endpoint {
        Endpoint::parse(text).unwrap()
    }

    fn allows(server: &str, url: &str, ip: &str) -> bool {
        Guard::new(endpoint(server), false).allows(&endpoint(url), ip.parse().unwrap()).is_ok()
    }

    #[test]
    fn a_stranger_leads_into_no_private_network() {
        let server = "https://mcp.example/mcp";
        assert!(allows(server, "https://login.example/token", "93.184.216.34"));
        for ip in ["10.0.0.1", "127.0.0.1", "169.254.169.254", "::1", "fd00::1", "::ffff:127.0.0.1"] {
            assert!(!allows(server, "https://login.example/token", ip), "{ip}");
        }
        assert!(!allows(server, "http://login.example/token", "93.184.216.34"));
        assert!(!allows("http://127.0.0.1:1/mcp", "https://login.example/token", "10.0.0.1"));
        assert!(!allows("http://127.0.0.1:1/mcp", "http://login.example/token", "93.184.216.34"));
    }

    #[test]
    fn a_server_may_lead_to_its_neighbours() {
        assert!(allows("http://127.0.0.1:1/mcp", "http://localhost:2/token", "127.0.0.1"));
        assert!(allows("http://localhost:1/mcp", "http://127.0.0.1:2/token", "127.0.0.1"));
        assert!(allows("https://10.0.0.1/mcp", "https://login.corp/token", "10.0.0.9"));
        assert!(!allows("https://10.0.0.1/mcp", "http://login.corp/token", "10.0.0.9"));
        assert!(!allows("https://169.254.169.254/mcp", "https://169.254.169.254/token", "169.254.169.254"));
        assert!(allows("https://mcp.corp/mcp", "https://mcp.corp/token", "10.0.0.9"));
        assert!(!allows("https://mcp.corp/mcp", "https://login.corp/token", "10.0.0.9"));
        let open = Guard::new(endpoint("https://mcp.corp/mcp"), true);
        assert!(open.allows(&endpoint("https://login.corp/token"), "10.0.0.9".parse().unwrap()).is_ok());
        assert!(open.allows(&endpoint("https://login.corp/token"), "127.0.0.1".parse().unwrap()).is_err());
    }

    #[tokio::test]
    async fn numbers_in_other_clothes_are_looked_up_and_refused() {
        let guard = Guard::new(endpoint("https://mcp.example/mcp"), false);
        for host in ["127.0.0.1", "2130706433", "127.1", "localhost", "[::ffff:7f00:1]", "[::1]"] {
            let url = endpoint(&format!("https://{host}/token"));
            let error = guard.addresses(&url).await.unwrap_err();
            assert!(
                matches!(error.kind(), AuthErrorKind::Forbidden { .. } | AuthErrorKind::Connect { .. }),
                "{host}: {error}"
            );
        }
        let error = guard.addresses(&endpoint("https://localhost/token")).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "`https://localhost/token` is not called: it is this machine, and the server is not"
        );
    }
}
