//! Tokens for a real server: the MCP server and the authorization server of the Python SDK.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use flowc_mcp::auth::{AuthError, AuthErrorKind, Client, FileStore, OAuth, Tokens};
use flowc_mcp::{McpErrorKind, McpServers, Server, ServerConfig};
use flowc_mcp_tests::keys::keys;
use flowc_mcp_tests::oauth::{Guarded, Person, listen, log};
use serde_json::json;

const SCRATCH: &str = env!("CARGO_TARGET_TMPDIR");

/// A folder that is not there yet.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(SCRATCH).join(format!("{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    folder
}

fn sign_in(person: &Person) -> OAuth {
    OAuth::interactive(Client::new("flowc tests")).browser(person.clone()).sign_in_limit(Duration::from_secs(60))
}

fn server(url: &str, tokens: Tokens) -> Server {
    let config = ServerConfig::http(url).credentials(tokens);
    McpServers::builder().server("guarded", config).build().server("guarded").unwrap()
}

async fn greet(server: &Server) -> String {
    server.call("greet", json!({ "name": "Ada" })).await.unwrap().text()
}

/// The whole life of a token: asked for once, kept, renewed, revoked, asked for again; and never shown.
#[tokio::test(flavor = "multi_thread")]
async fn a_token_lives_and_is_shown_nowhere() {
    listen();
    let guarded = Guarded::start(Path::new(SCRATCH)).await;
    let folder = folder("tokens");
    let person = Person::default();
    let oauth = sign_in(&person).store(FileStore::at(&folder));
    let first = server(&guarded.url, oauth.clone().for_server(&guarded.url));

    // The first call has somebody sign in, and the later ones do not.
    assert_eq!(greet(&first).await, "hello Ada");
    assert_eq!(greet(&first).await, "hello Ada");
    assert_eq!((person.times(), guarded.count("registered").await), (1, 1));
    let seen = guarded.seen().await;
    assert_eq!(seen["resources"], json!([guarded.url]));
    assert_eq!(seen["scopes"], json!([["files:read"]]));

    // What is stored can be read by nobody else.
    let files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files.len(), 1, "{files:?}");
    assert_eq!(std::fs::metadata(&files[0]).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(std::fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);

    // Another run needs nobody.
    let second = server(&guarded.url, oauth.clone().for_server(&guarded.url));
    assert_eq!(greet(&second).await, "hello Ada");
    assert_eq!(person.times(), 1);

    // A token that was taken back is renewed: once, for all calls that are refused at the same time.
    guarded.wish(json!({ "forget": ["access"] })).await;
    let calls = (0..8).map(|_| {
        let second = second.clone();
        tokio::spawn(async move { greet(&second).await })
    });
    for call in calls.collect::<Vec<_>>() {
        assert_eq!(call.await.unwrap(), "hello Ada");
    }
    assert_eq!((person.times(), guarded.count("refreshed").await), (1, 1));

    // One that has ended is renewed before the server has to say so.
    guarded.wish(json!({ "forget": ["access"], "life": 4 })).await;
    assert_eq!(greet(&second).await, "hello Ada");
    guarded.wish(json!({ "life": 3600 })).await;
    tokio::time::sleep(Duration::from_millis(4200)).await;
    let (refreshed, refused) = (guarded.count("refreshed").await, guarded.count("refused").await);
    assert_eq!(greet(&second).await, "hello Ada");
    assert_eq!((guarded.count("refreshed").await, guarded.count("refused").await), (refreshed + 1, refused));

    // The other program reads what this one has renewed, in place of using up an old token.
    assert_eq!(greet(&first).await, "hello Ada");
    assert_eq!((person.times(), guarded.count("refreshed").await), (1, refreshed + 1));

    // When all is taken back, somebody has to sign in again, and nobody has to register again.
    guarded.wish(json!({ "forget": ["access", "refresh"] })).await;
    assert_eq!(greet(&second).await, "hello Ada");
    assert_eq!((person.times(), guarded.count("registered").await), (2, 1));

    // A server that has forgotten even who we are gets to know us again.
    guarded.wish(json!({ "forget": ["access", "refresh", "clients"] })).await;
    assert_eq!(greet(&second).await, "hello Ada");
    assert_eq!((person.times(), guarded.count("registered").await), (3, 2));

    // Who does not sign in gets an error that says so, and is not asked again by the same call.
    guarded.wish(json!({ "forget": ["access", "refresh"], "habit": "denies" })).await;
    let error = second.call("greet", json!({ "name": "Ada" })).await.unwrap_err();
    assert!(matches!(error.kind(), McpErrorKind::Credentials { .. }), "{error:?}");
    assert!(error.to_string().ends_with("refused: access_denied"), "{error}");
    assert_eq!((person.times(), error.attempt()), (4, 1));
    guarded.wish(json!({ "habit": "good" })).await;

    // Signing out leaves nothing behind.
    let tokens = oauth.clone().for_server(&guarded.url);
    tokens.sign_in().await.unwrap();
    let shown =
        format!("{tokens:?} {oauth:?} {error:?} {error} {:?}", ServerConfig::http(&guarded.url).oauth(oauth.clone()));
    tokens.sign_out().await.unwrap();
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0);

    let secrets = guarded.secrets().await;
    assert!(secrets.len() > 10, "{}", secrets.len());
    let log = log();
    assert!(log.contains("somebody signed in"), "the log is not that of the flow");
    for secret in secrets {
        assert!(!log.contains(&secret), "the log has a secret: {}", line(&log, &secret));
        assert!(!shown.contains(&secret), "{shown}");
    }
    for page in person.shown.lock().unwrap().iter() {
        let state = page.split(['?', '&']).find_map(|pair| pair.strip_prefix("state=")).unwrap();
        assert!(!log.contains(state), "{}", line(&log, state));
    }
}

fn line(log: &str, secret: &str) -> String {
    log.lines().find(|line| line.contains(secret)).unwrap_or_default().to_owned()
}

async fn fails(tokens: OAuth, url: &str) -> AuthError {
    tokens.for_server(url).sign_in().await.unwrap_err()
}

/// What servers and others may try in order to get at tokens, or at a network that is not theirs.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_gets_a_token_by_a_trick() {
    listen();
    let guarded = Guarded::start(Path::new(SCRATCH)).await;
    let (url, person) = (guarded.url.clone(), Person::default());
    let oauth = || sign_in(&person).sign_in_limit(Duration::from_secs(2));

    // Metadata that leads into a network, away from `https`, or to a service that gives keys to machines.
    let private = [
        "https://10.0.0.1",
        "https://192.168.1.1/idp",
        "http://93.184.215.14",
        "https://169.254.169.254",
        "https://[fd00::1]",
    ];
    for place in private {
        guarded.wish(json!({ "habit": ["leads to", place] })).await;
        let error = fails(oauth(), &url).await;
        assert!(matches!(error.kind(), AuthErrorKind::Forbidden { .. }), "{place}: {error:?}");
    }
    guarded.wish(json!({ "habit": ["leads to", "file:///etc/passwd"] })).await;
    assert!(matches!(fails(oauth(), &url).await.kind(), AuthErrorKind::Address { .. }));

    // Metadata that is somewhere else, is about something else, or has no end.
    let elsewhere = format!("http://localhost:{}/x", guarded.origin().rsplit_once(':').unwrap().1);
    for place in [elsewhere.as_str(), "https://attacker.example/metadata", "http://169.254.169.254/latest/meta-data"] {
        guarded.wish(json!({ "habit": ["sends on to", place] })).await;
        let error = fails(oauth(), &url).await;
        assert!(error.to_string().contains("it sends us on to another place"), "{error:?}");
    }
    guarded.wish(json!({ "habit": ["is about", "https://bank.example/mcp"] })).await;
    let error = fails(oauth(), &url).await;
    assert_eq!(error.to_string(), format!("`{url}` shows metadata that is about `https://bank.example/mcp`"));
    guarded.wish(json!({ "habit": "is huge" })).await;
    assert!(fails(oauth(), &url).await.to_string().contains("it is longer than 262144 bytes"));

    // An authorization server that is not who it should be, or cannot do what it must.
    guarded.wish(json!({ "habit": ["says", { "issuer": "https://attacker.example" }] })).await;
    assert!(matches!(fails(oauth(), &url).await.kind(), AuthErrorKind::Issuer { .. }));
    guarded.wish(json!({ "habit": ["says", { "code_challenge_methods_supported": ["plain"] }] })).await;
    assert!(matches!(fails(oauth(), &url).await.kind(), AuthErrorKind::NoPkce { .. }));
    for (endpoint, place) in [
        ("authorization_endpoint", "http://10.0.0.1/authorize"),
        ("authorization_endpoint", "javascript:alert(1)"),
        ("registration_endpoint", "https://169.254.169.254/register"),
    ] {
        guarded.wish(json!({ "habit": ["says", { endpoint: place }] })).await;
        let error = fails(oauth(), &url).await;
        assert!(
            matches!(error.kind(), AuthErrorKind::Forbidden { .. } | AuthErrorKind::Address { .. }),
            "{endpoint}: {error:?}"
        );
    }
    assert_eq!(person.times(), 0, "a browser was opened before all was well");
    // The browser has brought the code by then, and it stays with us.
    guarded.wish(json!({ "habit": ["says", { "token_endpoint": "http://192.168.0.1/token" }] })).await;
    assert!(matches!(fails(oauth(), &url).await.kind(), AuthErrorKind::Forbidden { .. }));
    assert_eq!((person.times(), guarded.count("exchanged").await), (1, 0));

    // What comes back to our port.
    guarded.wish(json!({ "habit": "wrong state" })).await;
    let error = fails(oauth(), &url).await;
    assert!(error.to_string().contains("somebody came, but with the state of another sign-in"), "{error}");
    guarded.wish(json!({ "habit": "wrong iss" })).await;
    assert!(matches!(fails(oauth(), &url).await.kind(), AuthErrorKind::Issuer { .. }));
    guarded.wish(json!({ "habit": "denies" })).await;
    assert!(
        matches!(fails(oauth(), &url).await.kind(), AuthErrorKind::Refused { code, .. } if code == "access_denied")
    );
    assert_eq!(guarded.count("exchanged").await, 0);

    // A secret that an error of the server carries goes no further.
    guarded.wish(json!({ "habit": "tells secrets" })).await;
    let error = fails(oauth(), &url).await;
    assert!(error.to_string().ends_with("refused: invalid_grant: the code [redacted] is not liked"), "{error}");
    let log = log();
    for secret in guarded.secrets().await {
        assert!(!format!("{error:?} {error}").contains(&secret) && !log.contains(&secret), "{}", line(&log, &secret));
    }

    // A client that belongs to one authorization server is shown to no other.
    let client = Client::new("flowc tests").registered("https://login.example", "id").secret("s3cret-of-login");
    let error = fails(OAuth::client_credentials(client), &url).await;
    assert!(matches!(error.kind(), AuthErrorKind::Issuer { .. }), "{error:?}");

    // A server that is not spoken to in secret gets no token.
    for plain in ["http://mcp.example/mcp", "http://10.0.0.1/mcp", "ftp://127.0.0.1/"] {
        assert!(matches!(fails(oauth(), plain).await.kind(), AuthErrorKind::Address { .. }), "{plain}");
    }
}

/// An authorization server is spoken to over TLS, and only if somebody vouches for it.
#[tokio::test(flavor = "multi_thread")]
async fn an_authority_has_to_be_known_here_too() {
    let guarded = Guarded::encrypted(Path::new(SCRATCH)).await;
    let person = Person { plain: Some(guarded.origin().to_owned()), ..Person::default() };
    let error = fails(sign_in(&person), &guarded.url).await;
    assert!(
        matches!(error.kind(), AuthErrorKind::Connect { .. }) && error.to_string().contains("certificate"),
        "{error}"
    );

    let config = ServerConfig::http(&guarded.url).ca(keys(Path::new(SCRATCH)).join("ca.pem")).oauth(sign_in(&person));
    let servers = McpServers::builder().server("guarded", config).build();
    assert_eq!(greet(&servers.server("guarded").unwrap()).await, "hello Ada");
    assert_eq!((person.times(), guarded.count("exchanged").await), (1, 1));
}

/// A file that others can read is not used, and said so.
#[tokio::test]
async fn tokens_that_others_can_read_are_refused() {
    let folder = folder("open-tokens");
    let oauth = OAuth::interactive(Client::new("flowc tests")).store(FileStore::at(&folder));
    let url = "http://127.0.0.1:9/mcp";
    let store: &dyn flowc_mcp::auth::TokenStore = &FileStore::at(&folder);
    store.save(url, &r#"{"issuer":"https://a.example","grant":{"access":"s3cret","scopes":[]}}"#.into()).await.unwrap();
    oauth.clone().for_server(url).sign_in().await.unwrap();

    let file = std::fs::read_dir(&folder).unwrap().next().unwrap().unwrap().path();
    for (path, rights, what) in
        [(&file, 0o640, "read"), (&file, 0o604, "read"), (&file, 0o666, "read"), (&folder, 0o777, "change")]
    {
        let before = std::fs::metadata(path).unwrap().permissions();
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(rights)).unwrap();
        let error = oauth.clone().for_server(url).sign_in().await.unwrap_err();
        assert!(error.to_string().contains(&format!("others can {what} `{}`", path.display())), "{error}");
        assert!(error.help().unwrap().contains("chmod 600"));
        assert!(!format!("{error:?}").contains("s3cret"));
        std::fs::set_permissions(path, before).unwrap();
    }
    oauth.for_server(url).sign_in().await.unwrap();
}

/// A token that renews another is good for one use: of programs that share a store one renews, and the others take what it got.
#[tokio::test(flavor = "multi_thread")]
async fn programs_that_share_a_store_renew_a_token_once() {
    let guarded = Guarded::start(Path::new(SCRATCH)).await;
    let folder = folder("shared-tokens");
    let person = Person::default();
    // Each with its own memory, as each program has.
    let program = || server(&guarded.url, sign_in(&person).store(FileStore::at(&folder)).for_server(&guarded.url));
    let programs: Vec<_> = (0..8).map(|_| program()).collect();
    let all = async |programs: &[Server]| {
        let calls: Vec<_> =
            programs.iter().cloned().map(|server| tokio::spawn(async move { greet(&server).await })).collect();
        for call in calls {
            assert_eq!(call.await.unwrap(), "hello Ada");
        }
    };
    // One person signs in for all of them.
    all(&programs).await;
    assert_eq!((person.times(), guarded.count("registered").await), (1, 1));
    guarded.wish(json!({ "forget": ["access"] })).await;
    all(&programs).await;
    assert_eq!((person.times(), guarded.count("refreshed").await), (1, 1));
    // Nothing is left of the lock; and one that a program left behind when it was killed holds nobody up.
    let files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files.len(), 1, "{files:?}");
    std::fs::write(files[0].with_extension("lock"), "").unwrap();
    guarded.wish(json!({ "forget": ["access"] })).await;
    all(&programs).await;
    assert_eq!((person.times(), guarded.count("refreshed").await), (1, 2));
}
