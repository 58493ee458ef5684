//! Where a browser comes back to after somebody signed in: a port of this machine, open only as long as it is waited for.

use std::net::Ipv4Addr;
use std::time::Duration;

use flowc::Secret;
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::error::{AuthError, AuthErrorKind};
use super::form;

const PATH: &str = "/callback";

/// The first line of a request is no longer.
const LARGEST: usize = 16 << 10;

/// So many visits are served at once.
const MOST: usize = 64;

/// A browser sends its request at once.
const PATIENCE: Duration = Duration::from_secs(10);

/// An open port.
#[derive(Debug)]
pub(super) struct Landing {
    listener: TcpListener,
    pub(super) uri: String,
}

/// What a browser has to bring.
pub(super) struct Expected<'a> {
    pub(super) state: &'a Secret<String>,
    pub(super) issuer: &'a str,
    /// Whether it has to say from whom it comes (RFC 9207).
    pub(super) must_name_issuer: bool,
}

/// What is done with a visit.
enum Visit {
    /// Somebody else, or something else: the favicon, a scanner of ports, a page of an older sign-in.
    Stray(&'static str),
    Done(Result<Secret<String>, AuthError>),
}

impl Landing {
    /// Opens a port, the given one if that is free and none is given otherwise.
    pub(super) async fn open(port: Option<u16>) -> Result<Self, AuthError> {
        let failed =
            |source| AuthErrorKind::Connect { url: format!("http://127.0.0.1:{}{PATH}", port.unwrap_or(0)), source };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port.unwrap_or(0))).await.map_err(failed)?;
        let port = listener.local_addr().map_err(failed)?.port();
        Ok(Self { listener, uri: format!("http://127.0.0.1:{port}{PATH}") })
    }

    /// The port of an address that was open before.
    pub(super) fn port_of(uri: &str) -> Option<u16> {
        uri.strip_prefix("http://127.0.0.1:")?.strip_suffix(PATH)?.parse().ok()
    }

    /// Waits for the browser of who signed in, and takes the code that it brings.
    pub(super) async fn code(&self, expected: &Expected<'_>, limit: Duration) -> Result<Secret<String>, AuthError> {
        let mut strays = None;
        let waited = tokio::time::timeout(limit, async {
            // All at once: a browser may open a connection that it does not use.
            let mut visits = FuturesUnordered::new();
            loop {
                tokio::select! {
                    accepted = self.listener.accept() => match accepted {
                        Ok((stream, _)) if visits.len() < MOST => visits.push(tokio::time::timeout(PATIENCE, serve(stream, expected))),
                        Ok(_) => {}
                        // There are too many open files; some of them may be closed soon.
                        Err(_) => tokio::time::sleep(PATIENCE / 100).await,
                    },
                    Some(visit) = visits.next(), if !visits.is_empty() => match visit {
                        Ok(Some(Visit::Done(done))) => return done,
                        Ok(Some(Visit::Stray(reason))) => strays = Some(reason),
                        Ok(None) | Err(_) => {}
                    },
                }
            }
        });
        waited.await.unwrap_or_else(|_| {
            let more = strays.map_or(String::new(), |reason| format!("; somebody came, but {reason}"));
            Err(AuthErrorKind::NotSignedIn { reason: format!("nobody came back within {limit:?}{more}") }.into())
        })
    }
}

/// Reads a request and answers it.
async fn serve(mut stream: TcpStream, expected: &Expected<'_>) -> Option<Visit> {
    let target = target(&mut stream).await?;
    let visit = visit(&target, expected);
    let (status, text) = match &visit {
        Visit::Done(Ok(_)) => ("200 OK", "You are signed in. You can close this page."),
        Visit::Done(Err(_)) => ("400 Bad Request", "Signing in did not work. The program says why."),
        Visit::Stray(_) => ("404 Not Found", "There is nothing here."),
    };
    // No script, no picture and no other page gets to see the address with the code in it.
    let head = "Content-Type: text/plain; charset=utf-8\r\nCache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nConnection: close";
    let answer = format!("HTTP/1.1 {status}\r\n{head}\r\nContent-Length: {}\r\n\r\n{text}\n", text.len() + 1);
    // The code is here; whether the page arrives does not matter.
    let _ = stream.write_all(answer.as_bytes()).await;
    let _ = stream.shutdown().await;
    Some(visit)
}

/// The address in the first line. The rest of the head is read too, or closing would look like a failure to the browser.
async fn target(stream: &mut TcpStream) -> Option<Secret<String>> {
    let (mut head, mut chunk) = (Vec::new(), [0; 2048]);
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        let read = stream.read(&mut chunk).await.ok().filter(|read| *read > 0 && head.len() < LARGEST)?;
        head.extend_from_slice(chunk.get(..read)?);
    }
    let head = Secret::new(head);
    let line = std::str::from_utf8(head.expose()).ok()?.lines().next()?;
    let mut words = line.split(' ');
    let target = (words.next()? == "GET").then(|| words.next())??;
    Some(Secret::new(target.to_owned()))
}

fn visit(target: &Secret<String>, expected: &Expected<'_>) -> Visit {
    let Some((PATH, query)) = target.expose().split_once('?') else { return Visit::Stray("asked for something else") };
    let values = form::decode(query);
    let value = |name: &str| values.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    if !value("state").is_some_and(|state| same(state, expected.state.expose())) {
        return Visit::Stray("with the state of another sign-in");
    }
    // A code of another server must not be shown to this one, nor an error be believed.
    match value("iss") {
        Some(issuer) if issuer == expected.issuer => {}
        None if !expected.must_name_issuer => {}
        found => {
            let found = found.map(|found| form::shown(found, &[]));
            return Visit::Done(Err(AuthErrorKind::Issuer { expected: expected.issuer.to_owned(), found }.into()));
        }
    }
    match (value("error"), value("code")) {
        (Some(code), _) => {
            let description = form::shown(value("error_description").unwrap_or_default(), &[]);
            let (issuer, code) = (expected.issuer.to_owned(), form::shown(code, &[]));
            Visit::Done(Err(AuthErrorKind::Refused { issuer, code, description }.into()))
        }
        (None, Some(code)) => Visit::Done(Ok(Secret::new(code.to_owned()))),
        (None, None) => Visit::Stray("without a code"),
    }
}

/// Compares in a time that does not tell where the difference is.
fn same(one: &str, other: &str) -> bool {
    one.len() == other.len() && one.bytes().zip(other.bytes()).fold(0, |sum, (one, other)| sum | (one ^ other)) == 0
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn outcome(target: &str, must_name_issuer: bool) -> Result<String, String> {
        let expected = Expected { state: &"st".into(), issuer: "https://a.example", must_name_issuer };
        match visit(&target.into(), &expected) {
            Visit::Done(Ok(code)) => Ok(code.expose().clone()),
            Visit::Done(Err(error)) => Err(error.to_string()),
            Visit::Stray(reason) => Err(reason.to_owned()),
        }
    }

    #[test]
    fn only_the_right_visit_is_taken() {
        assert_eq!(outcome("/callback?code=c%2F1&state=st", false).unwrap(), "c/1");
        assert_eq!(outcome("/callback?code=c&state=st&iss=https%3A%2F%2Fa.example", true).unwrap(), "c");
        let refused = [
            ("/favicon.ico", false, "asked for something else"),
            ("/callback", false, "asked for something else"),
            ("/callback?code=c&state=other", false, "with the state of another sign-in"),
            ("/callback?code=c", false, "with the state of another sign-in"),
            ("/callback?state=st", false, "without a code"),
            (
                "/callback?code=c&state=st",
                true,
                "somebody who does not give a name answers in the place of `https://a.example`",
            ),
            (
                "/callback?code=c&state=st&iss=https://a.example/",
                false,
                "`https://a.example/` answers in the place of `https://a.example`",
            ),
            (
                "/callback?error=x&state=st&iss=https://b",
                false,
                "`https://b` answers in the place of `https://a.example`",
            ),
            (
                "/callback?error=access_denied&state=st&error_description=no",
                false,
                "`https://a.example` refused: access_denied: no",
            ),
        ];
        for (target, must, reason) in refused {
            assert_eq!(outcome(target, must).unwrap_err(), reason, "{target}");
        }
    }

    #[tokio::test]
    async fn strays_do_not_end_the_wait() {
        let landing = Landing::open(None).await.unwrap();
        let port = Landing::port_of(&landing.uri).unwrap();
        let visitor = tokio::spawn(async move {
            for line in [
                "nonsense\r\n\r\n",
                "POST /callback?code=x&state=st HTTP/1.1\r\n\r\n",
                "GET /callback?code=x&state=no HTTP/1.1\r\n\r\n",
                "",
            ] {
                let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
                stream.write_all(line.as_bytes()).await.unwrap();
                stream.shutdown().await.unwrap();
            }
            let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
            stream.write_all(b"GET /callback?code=good&state=st HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
            let mut page = String::new();
            stream.read_to_string(&mut page).await.unwrap();
            page
        });
        let expected = Expected { state: &"st".into(), issuer: "i", must_name_issuer: false };
        assert_eq!(landing.code(&expected, Duration::from_secs(20)).await.unwrap().expose(), "good");
        assert!(visitor.await.unwrap().contains("You are signed in"));
        let error = landing.code(&expected, Duration::from_millis(20)).await.unwrap_err();
        assert_eq!(error.to_string(), "nobody signed in: nobody came back within 20ms");
    }
}
