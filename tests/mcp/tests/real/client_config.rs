//! The file of servers, in all of its dialects, and what is said of mistakes in it.

use std::path::Path;

use flowc_mcp::{ConfigError, McpServers, ServersFile};

const SCRATCH: &str = env!("CARGO_TARGET_TMPDIR");

fn shown(text: &str) -> String {
    format!("{:?}", ServersFile::parse(text).unwrap())
}

fn error(text: &str) -> ConfigError {
    ServersFile::parse(text).unwrap_err()
}

#[test]
fn every_dialect_is_read() {
    let claude = r#"{ "mcpServers": { "s": { "type": "http", "url": "https://s.example/mcp" } } }"#;
    let gemini = r#"{ "theme": "dark", "mcpServers": { "s": { "httpUrl": "https://s.example/mcp", "trust": true } } }"#;
    let windsurf = r#"{ "mcpServers": { "s": { "serverUrl": "https://s.example/mcp" } } }"#;
    let code =
        "{\n // of VS Code\n \"servers\": { \"s\": { \"type\": \"http\", \"url\": \"https://s.example/mcp\", }, } }";
    let settings = r#"{ "mcp": { "servers": { "s": { "url": "https://s.example/mcp" } } } }"#;
    for text in [claude, gemini, windsurf, code, settings] {
        let shown = shown(text);
        assert!(shown.contains("Http(Address { url: \"https://s.example/mcp\""), "{text} is {shown}");
    }
    let cursor = shown(
        r#"{ "mcpServers": { "s": { "command": "npx", "args": ["-y", "thing"], "env": { "A": "b", "N": 5 } } } }"#,
    );
    assert!(cursor.contains("command: \"npx\", args: [\"-y\", \"thing\"]"), "{cursor}");
    let socket = shown(r#"{ "mcpServers": { "s": { "url": "wss://s.example/mcp" } } }"#);
    assert!(socket.contains("Ws(Address"), "{socket}");
}

#[test]
fn a_server_that_is_switched_off_is_left_out() {
    let text = r#"{ "mcpServers": { "off": { "command": "a", "disabled": true }, "on": { "command": "b" } } }"#;
    assert_eq!(ServersFile::parse(text).unwrap().into_keys().collect::<Vec<_>>(), ["on"]);
}

#[test]
fn variables_are_replaced_and_kept_secret() {
    // Cargo sets it for tests.
    let text = r#"{ "mcpServers": { "s": { "command": "${CARGO_PKG_NAME}", "args": ["${NOT_SET_ANYWHERE:-five}", "${env:CARGO_PKG_NAME}"] } } }"#;
    let shown = shown(text);
    assert!(shown.contains("command: \"flowc-mcp-tests\", args: [\"five\", \"flowc-mcp-tests\"]"), "{shown}");

    let text = r#"{ "inputs": [{ "id": "key", "type": "promptString" }, { "id": "size", "default": "big" }],
        "servers": { "s": { "url": "http://s/${input:size}", "headers": { "X-Key": "${input:key}" } } } }"#;
    let servers = ServersFile::text(text).input("key", "s3cret-value").servers().unwrap();
    let shown = format!("{servers:?}");
    assert!(shown.contains("http://s/big") && shown.contains("X-Key") && !shown.contains("s3cret-value"), "{shown}");
    let error = ServersFile::parse(text).unwrap_err();
    assert_eq!(error.problem(), "the input `key` has no value");
    assert_eq!(error.help(), Some("give it with `.input(\"key\", ..)`, or add a `default` to it"));
}

#[test]
fn our_settings_stand_under_a_key_of_their_own() {
    let text = r#"{ "mcpServers": { "s": { "command": "a", "x-flowc": {
        "pool": { "min": 2, "max": 5 }, "callTimeout": "5s", "connectTimeout": 1500, "protocol": "2025-06-18",
        "retry": { "attempts": 7 }, "breaker": false, "rate": { "calls": 10, "per": "1m" }, "idempotent": ["look"] } } } }"#;
    let shown = shown(text);
    for part in [
        "min: 2, max: 5",
        "call_timeout: 5s",
        "connect_timeout: 1.5s",
        "V2025_06_18",
        "attempts: 7",
        "breaker: None",
        "\"look\"",
    ] {
        assert!(shown.contains(part), "{part} in {shown}");
    }
}

#[test]
fn mistakes_are_told_with_their_place_and_the_way_out() {
    let cases = [
        (
            "{\n  \"mcpServers\": {\n    \"s\": { \"command\": \"a\" \"args\": [] }\n  }\n}",
            "line 3, column 26",
            "this is not JSON",
        ),
        ("{ \"mcpServers\": { \"s\": { } } }", "line 1, column 24", "`s` has neither a `command` nor a `url`"),
        (
            "{ \"mcpServers\": { \"s\": { \"command\": \"a\", \"url\": \"http://b\" } } }",
            "line 1, column 49",
            "`s` has both",
        ),
        ("{ \"mcpServers\": { \"s\": { \"command\": 5 } } }", "line 1, column 37", "`command` is a number"),
        ("{ \"mcpServers\": { \"s\": { \"url\": \"ftp://a\" } } }", "line 1, column 33", "`url` is not an address"),
        (
            "{ \"mcpServers\": { \"s\": { \"type\": \"sse\", \"url\": \"http://a\" } } }",
            "line 1, column 34",
            "`sse` was taken out",
        ),
        (
            "{ \"mcpServers\": {\n\"s\": { \"command\": \"a\", \"args\": [\"${NOT_SET_ANYWHERE}\"] } } }",
            "line 2, column 34",
            "no `NOT_SET_ANYWHERE`",
        ),
        (
            "{ \"mcpServers\": { \"s\": { \"command\": \"a\", \"x-flowc\": { \"pol\": 1 } } } }",
            "line 1, column 55",
            "no setting `pol`",
        ),
        (
            "{ \"servers\": { \"s\": { \"url\": \"http://${input:who}\" } } }",
            "line 1, column 38",
            "there is no input `who`",
        ),
        (
            "{ \"mcpServers\": { \"s\": { \"command\": \"a\", \"x-flowc\": { \"callTimeout\": \"soon\" } } } }",
            "line 1, column 70",
            "not a time",
        ),
        ("{}", "line 1, column 1", "there is no `mcpServers` and no `servers`"),
        ("", "line 1, column 1", "the file is empty"),
    ];
    for (text, place, problem) in cases {
        let error = error(text);
        let shown = error.to_string();
        assert!(shown.starts_with(&format!("{place}: ")) && shown.contains(problem), "{text}\n{shown}");
        assert!(error.help().is_some() || problem == "this is not JSON", "{shown} has no way out");
    }
}

#[test]
fn a_file_is_named_in_its_errors() {
    let path = Path::new(SCRATCH).join("broken.json");
    std::fs::write(&path, "{\n  \"mcpServers\": []\n}").unwrap();
    let error = McpServers::from_file(&path).unwrap_err();
    assert_eq!(error.to_string(), format!("{}:2:17: `mcpServers` is an array", path.display()));
    let missing = McpServers::from_file(Path::new(SCRATCH).join("missing.json")).unwrap_err();
    assert!(missing.to_string().contains("cannot be read"), "{missing}");
}

#[test]
fn the_workspace_is_the_folder_around_that_of_the_editor() {
    let folder = Path::new(SCRATCH).join("project/.vscode");
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("mcp.json");
    std::fs::write(&path, r#"{ "servers": { "s": { "command": "a", "args": ["${workspaceFolder}/b"] } } }"#).unwrap();
    let shown = format!("{:?}", ServersFile::path(&path).servers().unwrap());
    assert!(shown.contains("/project/b"), "{shown}");
}
