//! From documents to configurations, without a network.

#![allow(clippy::unwrap_used, clippy::panic, clippy::needless_pass_by_value)]

use serde_json::{Value, json};

use super::listing::Listing;
use super::{DiscoveryErrorKind, Endpoint, Guard};
use crate::config::{ServerConfig, Way};

const NONE: [(&str, &str); 0] = [];

fn listing(home: &str, more: Value) -> Listing {
    let mut said = json!({ "name": "com.example/tool", "description": "A tool.", "version": "1.2.3" });
    said.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let guard = Guard::new(Endpoint::parse(home).unwrap(), false);
    Listing { said: serde_json::from_value(said).unwrap(), status: None, guard }
}

fn remote(home: &str, url: &str) -> Result<ServerConfig, super::DiscoveryError> {
    listing(home, json!({ "remotes": [{ "type": "streamable-http", "url": url }] })).remote(NONE)
}

/// The command line, and the environment.
fn program(package: Value, given: &[(&str, &str)]) -> (String, Vec<(String, String)>) {
    let listing = listing("https://registry.example", json!({ "packages": [package] }));
    let config = listing.package(given.iter().copied()).unwrap_or_else(|error| panic!("{error}"));
    let Way::Stdio(program) = config.way else { panic!("it is a program") };
    let env = program.env.iter().map(|(name, value)| (name.clone(), value.expose().clone())).collect();
    (format!("{} {}", program.command, program.args.join(" ")), env)
}

#[test]
fn addresses_lead_into_no_private_network() {
    for url in ["https://tool.example/mcp", "https://93.184.216.34/mcp"] {
        assert!(remote("https://registry.example", url).is_ok(), "{url}");
    }
    for url in [
        "http://tool.example/mcp",
        "http://127.0.0.1/mcp",
        "https://localhost/mcp",
        "https://a.localhost/mcp",
        "https://10.0.0.1/mcp",
        "https://169.254.169.254/latest",
        "https://[::ffff:127.0.0.1]/mcp",
        "file:///etc/passwd",
        "https://user@tool.example/",
    ] {
        let error = remote("https://registry.example", url).unwrap_err();
        assert!(matches!(error.kind(), DiscoveryErrorKind::Request { .. }), "{url}: {error}");
    }
    assert!(remote("http://127.0.0.1:8080", "http://127.0.0.1/mcp").is_ok());
    assert!(remote("http://127.0.0.1:8080", "https://169.254.169.254/mcp").is_err());
}

#[test]
fn packages_are_run_by_the_program_for_their_kind() {
    for (package, line) in [
        (json!({ "registryType": "npm", "identifier": "@a/b", "version": "1.0.0" }), "npx -y @a/b@1.0.0"),
        (json!({ "registryType": "pypi", "identifier": "b", "version": "1.0.0" }), "uvx b@1.0.0"),
        (json!({ "registryType": "nuget", "identifier": "B", "version": "1.0.0" }), "dnx B@1.0.0 --yes"),
        (
            json!({ "registryType": "oci", "identifier": "ghcr.io:443/a/b", "version": "1.0.0" }),
            "docker run -i --rm ghcr.io:443/a/b:1.0.0",
        ),
        (json!({ "registryType": "oci", "identifier": "a/b:2", "runtimeHint": "podman" }), "podman run -i --rm a/b:2"),
        (
            json!({ "registryType": "pypi", "identifier": "b", "version": "1.0", "runtimeHint": "pipx" }),
            "pipx run b==1.0",
        ),
    ] {
        assert_eq!(program(package, &[]).0, line);
    }
}

#[test]
fn arguments_and_the_environment_are_filled_in() {
    let package = json!({
        "registryType": "npm",
        "identifier": "b",
        "version": "1.0.0",
        "transport": { "type": "stdio" },
        "runtimeArguments": [{ "type": "named", "name": "--yes" }],
        "packageArguments": [
            { "type": "positional", "value": "start" },
            { "type": "named", "name": "--port", "description": "The port.", "default": "80" },
            { "type": "named", "name": "--verbose", "description": "Says more.", "format": "boolean" },
            { "type": "named", "name": "--quiet", "description": "Says less." },
            { "type": "positional", "valueHint": "root", "description": "A folder.", "isRequired": true },
        ],
        "environmentVariables": [
            { "name": "TOKEN", "isRequired": true, "isSecret": true, "description": "The key." },
            { "name": "URL", "value": "https://{host}/{fixed}", "variables": { "host": { "default": "a.example" } } },
            { "name": "UNSET", "description": "Not needed." },
        ],
    });
    let given = [("root", "/srv"), ("TOKEN", "s3cret"), ("verbose", "true"), ("port", "81")];
    let (line, env) = program(package.clone(), &given);
    assert_eq!(line, "npx --yes b@1.0.0 start --port 81 --verbose /srv");
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(env, [pair("TOKEN", "s3cret"), pair("URL", "https://a.example/{fixed}")]);

    let listing = listing("https://registry.example", json!({ "packages": [package] }));
    let needs: Vec<_> = listing.needs().into_iter().map(|need| (need.name, need.required)).collect();
    let need = |name: &str, required| (name.to_owned(), required);
    assert_eq!(
        needs,
        [
            need("TOKEN", true),
            need("host", false),
            need("UNSET", false),
            need("port", false),
            need("verbose", false),
            need("quiet", false),
            need("root", true)
        ]
    );
    let error = listing.package([("root", "/srv")]).unwrap_err();
    assert_eq!(error.to_string(), "the server `com.example/tool` needs `TOKEN`");
    assert_eq!(error.help().unwrap(), "give `TOKEN` (The key.)");
    let error = listing.package([("root", "/srv"), ("TOKEN", "x"), ("prot", "1")]).unwrap_err();
    assert!(error.to_string().contains("does not take: `prot`; it takes `TOKEN`, "), "{error}");
    let config = listing.package(given).unwrap();
    assert!(!format!("{config:?}").contains("s3cret"));
}

#[test]
fn what_cannot_be_used_is_said_with_the_reason() {
    let none = listing("https://registry.example", json!({}));
    assert_eq!(
        none.remote(NONE).unwrap_err().to_string(),
        "the server `com.example/tool` cannot be used so: nobody runs it at an address"
    );
    let sse = listing("https://registry.example", json!({ "remotes": [{ "type": "sse", "url": "https://a/sse" }] }));
    assert!(sse.remote(NONE).unwrap_err().to_string().contains("`https://a/sse` is at `sse`"));
    for (package, reason) in [
        (json!({ "registryType": "mcpb", "identifier": "https://a/b.mcpb" }), "nothing runs packages of `mcpb`"),
        (json!({ "registryType": "npm", "identifier": "b", "runtimeHint": "sh" }), "`sh` is none of the programs"),
        (
            json!({ "registryType": "npm", "identifier": "b", "transport": { "type": "sse", "url": "http://a" } }),
            "speaks not over",
        ),
    ] {
        let error = listing("https://registry.example", json!({ "packages": [package] })).package(NONE).unwrap_err();
        assert!(error.to_string().contains(reason), "{error}");
    }
    let choice = json!({ "type": "streamable-http", "url": "https://{region}.a.example/mcp", "variables": { "region": { "choices": ["eu", "us"], "isRequired": true } } });
    let choice = listing("https://registry.example", json!({ "remotes": [choice] }));
    assert!(choice.remote([("region", "eu")]).is_ok());
    let error = choice.remote([("region", "mars")]).unwrap_err();
    assert!(error.to_string().ends_with("`region` is one of `eu`, `us`, and not `mars`"), "{error}");
    // Nothing that is given changes which site is called.
    let tenant =
        json!({ "type": "streamable-http", "url": "https://{tenant}.a.example/mcp", "variables": { "tenant": {} } });
    let tenant = listing("https://registry.example", json!({ "remotes": [tenant] }));
    assert!(tenant.remote([("tenant", "evil@127.0.0.1/")]).is_err());
}
