//! Servers that are found: in a registry, in the catalog of a site, by their cards.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use flowc::{Engine, Secret};
use flowc_mcp::discovery::{DiscoveryErrorKind, Query, Registry, card, catalog};
use flowc_mcp::server::{Auth, Limits, ServerCard, Serving};
use flowc_mcp::{McpErrorKind, McpServers};
use flowc_mcp_tests::peers::{Listening, free_port, script};
use flowc_mcp_tests::raw::send;
use flowc_mcp_tests::served::server;
use serde_json::{Value, json};

const NONE: [(&str, &str); 0] = [];

fn scratch() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
}

/// A registry and a site with this in them.
fn registry(name: &str, servers: &Value, documents: &Value) -> (Listening, Registry) {
    let file = scratch().join(format!("registry-{name}-{}.json", std::process::id()));
    let data = json!({ "page": 2, "servers": servers, "documents": documents });
    std::fs::write(&file, data.to_string()).unwrap();
    let peer = Listening::start(scratch(), move |port| {
        let mut command = Command::new("python3");
        command.arg(script("registry.py")).arg(port.to_string()).arg(&file);
        command
    });
    let registry = Registry::at(&format!("http://127.0.0.1:{}/", peer.port)).unwrap();
    (peer, registry)
}

fn entry(name: &str, version: &str, more: Value) -> Value {
    let mut server = json!({ "name": name, "description": "For a test.", "version": version });
    server.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({ "server": server, "status": "active" })
}

/// A server that wants a token, and has a card.
async fn words() -> (Serving, String) {
    let port = free_port();
    let url = format!("http://127.0.0.1:{port}/mcp");
    let (server, _) = server(Limits::new());
    let serving = server
        .auth(Auth::tokens(&url, [("alice", Secret::new("s3cret".to_owned()))]))
        .card(ServerCard::new("com.example/words", &url, "Counts words.").title("Words"))
        .bind_http(&format!("127.0.0.1:{port}"))
        .await
        .unwrap();
    (serving, url)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_is_added_by_the_name_that_it_has_in_a_registry() {
    let (serving, _) = words().await;
    let remote = json!({ "remotes": [{
        "type": "streamable-http",
        "url": "http://127.0.0.1:{port}/mcp",
        "variables": { "port": { "description": "Where it listens.", "isRequired": true } },
        "headers": [{
            "name": "Authorization",
            "value": "Bearer {token}",
            "variables": { "token": { "description": "A key.", "isRequired": true, "isSecret": true } },
        }],
    }] });
    let (_peer, registry) = registry("add", &json!([entry("com.example/words", "1.0.0", remote)]), &json!({}));
    let found = registry.get("com.example/words").await.unwrap();
    assert_eq!((found.title(), found.version(), found.status()), ("com.example/words", "1.0.0", Some("active")));
    let needs: Vec<_> = found.needs().into_iter().map(|need| (need.name, need.required, need.secret)).collect();
    assert_eq!(needs, [("port".to_owned(), true, false), ("token".to_owned(), true, true)]);

    let servers = McpServers::builder().build();
    let port = serving.address().port().to_string();
    let config = found.remote([("port", port.as_str()), ("token", "s3cret")]).unwrap();
    servers.add("words", config).unwrap();
    let counted = servers.server("words").unwrap().call("words", json!({ "text": "one two" })).await.unwrap();
    assert_eq!(counted.structured, Some(json!({ "result": 2 })));

    servers.replace("words", found.remote([("port", port.as_str()), ("token", "wrong-key")]).unwrap()).await;
    let error = servers.server("words").unwrap().call("words", json!({ "text": "one" })).await.unwrap_err();
    assert!(matches!(error.kind(), McpErrorKind::Unauthorized { status: 401, .. }), "{error}");
    assert!(!format!("{error:?}").contains("wrong-key"));
    let error = found.remote([("port", port)]).unwrap_err();
    assert_eq!(error.to_string(), "the server `com.example/words` needs `token`");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_package_of_a_registry_is_fetched_and_run() {
    let memory = scratch().join(format!("registry-memory-{}.json", std::process::id()));
    let package = json!({ "packages": [{
        "registryType": "npm",
        "identifier": "@modelcontextprotocol/server-memory",
        "version": "2026.8.31",
        "transport": { "type": "stdio" },
        "environmentVariables": [{ "name": "MEMORY_FILE_PATH", "isRequired": true }],
    }] });
    let (_peer, registry) = registry("package", &json!([entry("com.example/memory", "1.0.0", package)]), &json!({}));
    let found = registry.get("com.example/memory").await.unwrap();
    assert_eq!(found.packages().collect::<Vec<_>>(), [("npm", "@modelcontextprotocol/server-memory")]);
    let config = found.package([("MEMORY_FILE_PATH", memory.to_string_lossy())]).unwrap();
    let servers = McpServers::builder().server("memory", config.connect_timeout(Duration::from_secs(120))).build();
    let server = servers.server("memory").unwrap();
    let entity = json!({ "name": "flowc", "entityType": "engine", "observations": ["fast"] });
    server.call("create_entities", json!({ "entities": [entity] })).await.unwrap().success().unwrap();
    assert!(std::fs::read_to_string(&memory).unwrap().contains("flowc"));
    servers.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registry_is_searched_page_by_page() {
    let mut servers: Vec<Value> =
        (0..5).map(|number| entry(&format!("com.example/weather-{number}"), "1.0.0", json!({}))).collect();
    servers.push(entry("com.example/weather-0", "1.1.0", json!({ "title": "Weather" })));
    servers.push(entry("com.example/other", "1.0.0", json!({ "remotes": "not a list" })));
    servers.push(entry("com.example/maps", "1.0.0", json!({})));
    servers.push(json!({ "server": { "name": "com.example/gone-weather", "version": "1" }, "status": "deleted" }));
    let (mut peer, registry) = registry("search", &json!(servers), &json!({}));

    let found = registry.find("weather").await.unwrap();
    let names: Vec<_> = found.iter().map(|server| (server.name(), server.version())).collect();
    assert_eq!(names.len(), 5, "{names:?}");
    assert!(
        names.contains(&("com.example/weather-0", "1.1.0")) && !names.contains(&("com.example/weather-0", "1.0.0"))
    );
    // One that cannot be read does not hide the others.
    let (mut query, mut pages, mut all) = (Query::new().limit(50), 0, 0);
    loop {
        let page = registry.page(&query).await.unwrap();
        (pages, all) = (pages + 1, all + page.servers.len());
        let Some(next) = page.next else { break };
        query = query.after(next);
    }
    assert_eq!((pages, all), (4, 7));

    let versions = registry.versions("com.example/weather-0").await.unwrap();
    assert_eq!(versions.iter().map(|server| server.version()).collect::<Vec<_>>(), ["1.1.0", "1.0.0"]);
    assert_eq!(registry.get("com.example/weather-0").await.unwrap().title(), "Weather");
    assert_eq!(registry.version("com.example/weather-0", "1.0.0").await.unwrap().title(), "com.example/weather-0");

    let error = registry.get("org.example/maps").await.unwrap_err();
    assert_eq!(error.to_string(), "there is no server `org.example/maps`");
    assert_eq!(error.help().unwrap(), "there are `com.example/maps`");
    let error = registry.version("com.example/maps", "9").await.unwrap_err();
    assert_eq!(error.to_string(), "there is no server `com.example/maps 9`");
    let error = registry.get("com.example/other").await.unwrap_err();
    assert!(matches!(error.kind(), DiscoveryErrorKind::Answer { .. }), "{error}");

    peer.kill();
    let error = registry.get("com.example/maps").await.unwrap_err();
    assert!(
        error.to_string().contains("cannot be reached") && flowc::policy::Retryable::is_retryable(&error),
        "{error}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_catalog_of_a_site_leads_to_the_cards_of_its_servers() {
    let (serving, url) = words().await;
    let kind = "application/mcp-server-card+json";
    let inline = json!({ "name": "com.example/inline", "version": "1", "description": "Stands here.", "remotes": [] });
    let elsewhere = json!({ "name": "com.example/bad", "version": "1" });
    let entries = json!([
        { "identifier": "urn:air:example.com:mcp:words", "type": kind, "url": format!("{url}/server-card") },
        { "identifier": "urn:air:example.com:mcp:inline", "type": kind, "data": inline },
        { "identifier": "urn:air:example.com:mcp:lost", "type": kind, "url": format!("{url}/nothing-here") },
        { "identifier": "urn:air:example.com:mcp:cloud", "type": kind, "url": "http://169.254.169.254/latest/meta-data" },
        { "identifier": "urn:air:example.com:agent:x", "type": "application/agent-card+json", "data": elsewhere },
    ]);
    let body = json!({ "specVersion": "1.0", "entries": entries });
    let documents = json!({ "/.well-known/ai-catalog.json": { "type": "application/ai-catalog+json", "body": body } });
    let (peer, _) = registry("site", &json!([]), &documents);
    let found = catalog(&format!("http://127.0.0.1:{}", peer.port), None).await.unwrap();
    let names: Vec<_> = found.servers.iter().map(|server| server.name()).collect();
    assert_eq!(names, ["com.example/words", "com.example/inline"]);
    let problems: Vec<_> = found.problems.iter().map(ToString::to_string).collect();
    assert_eq!(problems.len(), 2, "{problems:?}");
    assert!(problems[1].contains("it is an address that no server has"), "{problems:?}");

    // The server's own catalog leads to its card as well, and the card to the server.
    let own = catalog(&url, None).await.unwrap();
    assert!(own.problems.is_empty() && own.servers[0].title() == "Words", "{own:?}");
    let config = own.servers[0].remote(NONE).unwrap().bearer("s3cret");
    let servers = McpServers::builder().server("words", config).build();
    let server = servers.server("words").unwrap();
    server.call("words", json!({ "text": "one" })).await.unwrap();
    // It is who the card says.
    assert_eq!(server.status().unwrap().info.unwrap().version.as_deref(), Some(own.servers[0].version()));
    serving.shutdown(Duration::from_secs(1)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_is_for_everybody_and_is_not_sent_twice() {
    let (serving, url) = words().await;
    let address = serving.address();
    let get = async |path: &str, more: &str| {
        let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{more}\r\n");
        send(address, request.as_bytes()).await
    };
    let first = get("/mcp/server-card", "Origin: https://elsewhere.example\r\n").await;
    assert_eq!((first.status, first.header("access-control-allow-origin")), (200, Some("*")));
    assert_eq!(first.header("content-type"), Some("application/mcp-server-card+json"));
    let said: Value = serde_json::from_str(&first.body).unwrap();
    assert_eq!((&said["name"], &said["version"]), (&json!("com.example/words"), &json!("1.2.3")));
    assert_eq!(said["remotes"][0]["url"], json!(url));
    assert_eq!(said["remotes"][0]["supportedProtocolVersions"].as_array().unwrap().len(), 5);
    let tag = first.header("etag").unwrap().to_owned();
    assert_eq!(get("/mcp/server-card", &format!("If-None-Match: {tag}\r\n")).await.status, 304);
    // All else still asks for a token; and a server without a card has none.
    assert_eq!(get("/mcp", "").await.status, 401);
    let engine = Engine::builder().resources(()).build();
    let bare = flowc_mcp::server::McpServer::new(engine).bind_http("127.0.0.1:0").await.unwrap();
    let error = card(&format!("http://{}/mcp/server-card", bare.address()), None).await.unwrap_err();
    assert!(matches!(error.kind(), DiscoveryErrorKind::Unknown { .. }), "{error}");
    let error = catalog(&format!("http://{}", bare.address()), None).await.unwrap_err();
    assert!(error.to_string().contains("the site has no catalog"), "{error}");
}
