//! Which addresses of the network are called.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use flowc::__reach::Reach;
use reqwest::dns::{Name, Resolve, Resolving};
use reqwest::{Client, Url, redirect};

use super::{LoadError, LoadErrorKind};

/// The addresses of the network that steps may call, and how much they may bring. A resource of the application.
///
/// A name is looked up once, and the connection goes to the address that was checked. Every redirect is checked again. Private networks and
/// this machine are refused, whatever name leads there, unless the host is named with [`private_host`](Self::private_host). Addresses that
/// no server has, such as those of the services of a cloud that give keys to its machines, are always refused. Proxies of the
/// environment are not used, as they would look up the name themselves.
#[derive(Debug, Clone)]
pub struct NetAccess {
    hosts: Option<Vec<Arc<str>>>,
    private: Vec<Arc<str>>,
    pub(super) max_bytes: u64,
    pub(super) timeout: Duration,
    pub(super) max_redirects: usize,
    tls: rustls::ClientConfig,
}

impl NetAccess {
    /// The whole public network: at most 8 MiB, 30 seconds and 5 redirects for a request.
    ///
    /// # Errors
    /// TLS cannot be made ready.
    pub fn public() -> Result<Self, LoadError> {
        let tls = crate::tls::client();
        let tls = tls.map_err(|problem| LoadError::new("https", LoadErrorKind::Invalid { reason: problem }))?;
        let (hosts, private, timeout) = (None, Vec::new(), Duration::from_secs(30));
        Ok(Self { hosts, private, max_bytes: 8 << 20, timeout, max_redirects: 5, tls })
    }

    /// Only these hosts: `example.com`, or `*.example.com` for all hosts below it.
    ///
    /// # Errors
    /// As for [`public`](Self::public).
    pub fn only<H: AsRef<str>>(hosts: impl IntoIterator<Item = H>) -> Result<Self, LoadError> {
        let hosts = hosts.into_iter().map(|host| host.as_ref().to_ascii_lowercase().into());
        Ok(Self { hosts: Some(hosts.collect()), ..Self::public()? })
    }

    /// This host too, though it may be in a private network or on this machine. IPv6 addresses without brackets.
    #[must_use]
    pub fn private_host(mut self, host: impl AsRef<str>) -> Self {
        self.private.push(host.as_ref().to_ascii_lowercase().into());
        self
    }

    /// The largest answer, in bytes.
    #[must_use]
    pub fn max_bytes(self, bytes: u64) -> Self {
        Self { max_bytes: bytes, ..self }
    }

    /// How long a request may take, from the first look-up of the name to the last byte, redirects included.
    #[must_use]
    pub fn timeout(self, limit: Duration) -> Self {
        Self { timeout: limit, ..self }
    }

    /// How many redirects are followed.
    #[must_use]
    pub fn max_redirects(self, count: usize) -> Self {
        Self { max_redirects: count, ..self }
    }

    /// A client whose connections for this address go where it was checked that they may.
    pub(super) async fn client(&self, url: &Url) -> Result<Client, LoadError> {
        let error = |kind| LoadError::new(shown(url), kind);
        if !matches!(url.scheme(), "http" | "https") {
            return Err(error(LoadErrorKind::Forbidden { reason: "it is neither `http` nor `https`" }));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(error(LoadErrorKind::Forbidden { reason: "it names a user" }));
        }
        let invalid = |reason: &str| error(LoadErrorKind::Invalid { reason: reason.to_owned() });
        let name = url.host_str().ok_or_else(|| invalid("it names no host"))?;
        let host = name.trim_start_matches('[').trim_end_matches(']').trim_end_matches('.');
        let private = self.private.iter().any(|other| &**other == host);
        if !private && self.hosts.as_ref().is_some_and(|hosts| !hosts.iter().any(|pattern| takes(pattern, host))) {
            return Err(error(LoadErrorKind::Forbidden { reason: "its host is not among those that are allowed" }));
        }
        let port = url.port_or_known_default().ok_or_else(|| invalid("it names no port"))?;
        let found: Vec<SocketAddr> = match host.parse::<IpAddr>() {
            Ok(ip) => vec![SocketAddr::new(ip, port)],
            Err(_) => {
                let found = tokio::net::lookup_host((host, port)).await;
                found.map_err(|source| error(LoadErrorKind::Connect).because(source))?.collect()
            }
        };
        if found.is_empty() {
            return Err(error(LoadErrorKind::Connect));
        }
        // One address that is not meant is enough to refuse: a name with both kinds is made to mislead.
        for address in &found {
            allows(address.ip(), private).map_err(|reason| error(LoadErrorKind::Forbidden { reason }))?;
        }
        Client::builder()
            .tls_backend_preconfigured(self.tls.clone())
            .dns_resolver(Checked(found))
            .redirect(redirect::Policy::none())
            .no_proxy()
            .no_gzip()
            .build()
            .map_err(|source| error(LoadErrorKind::Connect).because(source.without_url()))
    }
}

/// Whatever name is asked for, these addresses are the answer: what was not checked cannot be reached.
struct Checked(Vec<SocketAddr>);

impl Resolve for Checked {
    fn resolve(&self, _: Name) -> Resolving {
        let found = self.0.clone();
        Box::pin(async move { Ok(Box::new(found.into_iter()) as reqwest::dns::Addrs) })
    }
}

/// An address as it may stand in an error: what stands behind `?` may be a key.
pub(super) fn shown(url: &Url) -> String {
    let mut url = url.clone();
    url.set_query(None);
    url.set_fragment(None);
    if !url.username().is_empty() || url.password().is_some() {
        let _ = (url.set_username(""), url.set_password(None));
    }
    url.into()
}

fn takes(pattern: &str, host: &str) -> bool {
    match pattern.strip_prefix("*.") {
        Some(above) => host.strip_suffix(above).is_some_and(|below| below.len() > 1 && below.ends_with('.')),
        None => pattern == host,
    }
}

fn allows(ip: IpAddr, private: bool) -> Result<(), &'static str> {
    match Reach::of(ip) {
        Reach::Everybody => Ok(()),
        Reach::Private | Reach::Loopback if private => Ok(()),
        Reach::Private => Err("it is in a private network"),
        Reach::Loopback => Err("it is this machine"),
        Reach::Never => Err("it is an address that no server has"),
    }
}
