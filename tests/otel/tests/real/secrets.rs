//! Looks for a secret in everything that a run tells.

// Nodes play what users write.

use std::fmt::Write;

use flowc::observe::Logs;
use flowc::{Context, Engine, Resources, Secret, node, workflow};
use flowc_otel_tests::capture::Capture;

const SECRET: &str = "hunter2-and-more";

/// A key of the application, told from other secrets by its type.
#[derive(Debug)]
struct ApiKey(Secret<String>);

/// What a node may fail with: it carries what it was called with, as careless errors do.
#[derive(Debug)]
struct Refused {
    token: Secret<String>,
    key: Secret<Vec<u8>>,
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} and {} were refused: {self:?}", self.token, self.key)
    }
}
impl std::error::Error for Refused {}

#[derive(Resources, Debug)]
struct App {
    key: ApiKey,
}

/// Gets a secret as an input, one as a resource, and tells of both in every way there is.
#[node(retry(attempts = 2, base = "1ms"))]
async fn call(token: &Secret<String>, #[resource] key: &ApiKey, #[context] cx: &Context) -> Result<String, Refused> {
    tokio::task::yield_now().await;
    // The real values are there.
    assert!(token.expose() == SECRET && key.0.expose() == SECRET);
    cx.emit(format!("calling with {token} and {key:?}"));
    cx.emit(flowc::Chunk::value(token.clone()));
    tracing::info!(%token, ?key, "called");
    Err(Refused { token: token.clone(), key: Secret::new(key.0.expose().clone().into_bytes()) })
}
/// A secret that leaves the task, and goes on as an output.
#[node(spawn)]
async fn renew(token: Secret<String>) -> Secret<String> {
    token
}
#[node]
fn keep(token: Secret<String>, _: String, _: usize) -> Secret<String> {
    token
}
#[node]
fn panics(token: &Secret<String>) {
    panic!("cannot use {token:?}")
}

workflow! {
    fn login(token: Secret<String>) -> Secret<String> {
        let fresh = renew(token);
        let broken = match catch(panics(&fresh)) {
            Ok(()) => 0,
            Err(failure) => failure.to_string().len(),
        };
        let page = call(&fresh);
        keep(fresh, page, broken)
    }
}

#[tokio::test]
async fn a_secret_is_found_nowhere() {
    let (capture, _guard) = Capture::here();
    let app = App { key: ApiKey(SECRET.into()) };
    let mut told = format!("{app:?}\n");
    let engine = Engine::builder().resources(app).collector(Logs::new().payloads(true)).keep(login::fresh).build();
    let mut run = engine.start(login(SECRET.into()).correlation_id("request-7"));

    let mut events = 0;
    while let Some(event) = run.next_event().await {
        writeln!(told, "{event:?} {} {}", event.kind, serde_json::to_string(&event).unwrap()).unwrap();
        events += 1;
    }
    let fresh = run.output(login::fresh).unwrap();
    assert_eq!(fresh.expose(), SECRET);
    writeln!(told, "{fresh:?} {fresh} {}", serde_json::to_string(&fresh).unwrap()).unwrap();
    let status = run.status();
    writeln!(told, "{status:?} {}", serde_json::to_string(&status).unwrap()).unwrap();

    let failure = run.await.unwrap_err();
    writeln!(told, "{failure} {failure:?} {failure:#?} {} {}", failure.problem(), failure.report()).unwrap();
    let spans = capture.spans();
    writeln!(told, "{spans:#?}").unwrap();
    let lines = capture.lines();
    writeln!(told, "{lines:#?}").unwrap();

    // Every one of them was there to be looked at.
    assert!(events > 10 && spans.len() >= 6 && lines.len() > 10, "{told}");
    for part in ["calling with [redacted] and ApiKey([redacted])", "were refused", "cannot use [redacted]", "called"] {
        assert!(told.contains(part), "`{part}` is not in\n{told}");
    }
    assert!(!told.contains(SECRET), "{told}");
    // Nor as bytes.
    assert!(!told.contains(format!("{:?}", &SECRET.as_bytes()[..4]).trim_matches(['[', ']'])), "{told}");
}
