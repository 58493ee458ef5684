//! The program `flowc-mcp` over a small server.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg(all(unix, feature = "stdio"))]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A folder with a file of servers: one server, in Python's standard library, whose tools are in a file beside it.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("cli-{name}-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let server = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/listed.py");
    let servers = serde_json::json!({"mcpServers": {"weather": {"command": "python3", "args": [server, folder.join("tools.json")]}}});
    fs::write(folder.join("mcp.json"), servers.to_string()).unwrap();
    folder
}

fn tools(folder: &Path, days: &str) {
    let tools = serde_json::json!([
        {"name": "forecast", "inputSchema": {"type": "object", "properties": {"days": {"type": days}, "city": {"type": "string"}}}},
        {"name": "alert", "description": "Warns.", "inputSchema": {"type": "object"}},
    ]);
    fs::write(folder.join("tools.json"), tools.to_string()).unwrap();
}

fn run(folder: &Path, words: &[&str]) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } =
        Command::new(env!("CARGO_BIN_EXE_flowc-mcp")).args(words).current_dir(folder).output().unwrap();
    (status.code(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

#[test]
fn a_snapshot_is_written_compared_and_written_anew() {
    let folder = folder("write");
    tools(&folder, "integer");
    let write = ["snapshot", "mcp.json", "weather", "-o", "mcp/weather.json"];
    let check = ["snapshot", "--check", "mcp.json", "weather", "-o", "mcp/weather.json"];

    let (code, said, errors) = run(&folder, &write);
    assert_eq!((code, said.as_str()), (Some(0), "mcp/weather.json: 2 tools of `weather`\n"), "{errors}");
    let text = fs::read_to_string(folder.join("mcp/weather.json")).unwrap();
    let places = ["\"protocol\"", "\"server\": \"weather\"", "\"alert\"", "\"forecast\"", "\"version\": \"7\""];
    assert!(places.map(|place| text.find(place).unwrap_or_else(|| panic!("{place} in {text}"))).is_sorted(), "{text}");
    assert_eq!(run(&folder, &check).0, Some(0));

    tools(&folder, "string");
    let (code, said, _) = run(&folder, &check);
    assert_eq!(code, Some(1));
    assert!(said.contains("tool `forecast`, input `days`: another type\n  - \"integer\"\n  + \"string\""), "{said}");
    assert!(said.contains("help: `flowc-mcp snapshot mcp.json weather -o mcp/weather.json` writes it anew"), "{said}");
    assert_eq!(fs::read_to_string(folder.join("mcp/weather.json")).unwrap(), text, "a check writes nothing");

    let (code, said, _) = run(&folder, &write);
    assert!(code == Some(0) && said.contains("what has changed since the last snapshot:"), "{said}");
    assert_eq!(run(&folder, &check).0, Some(0));
}

#[test]
fn what_goes_wrong_is_said_with_the_way_out() {
    let folder = folder("wrong");
    let (code, said, _) = run(&folder, &["--help"]);
    assert!(code == Some(0) && said.contains("flowc_mcp::mcp! { pub mod weather"), "{said}");
    let (code, _, errors) = run(&folder, &["snapshot", "mcp.json", "whether"]);
    assert_eq!((code, errors.as_str()), (Some(2), "error: there is no server `whether`\nhelp: there are `weather`\n"));
    let (code, _, errors) = run(&folder, &["snapshot", "no.json", "weather"]);
    assert!(code == Some(2) && errors.contains("no.json"), "{errors}");
    fs::write(folder.join("typo.json"), "{\n  \"mcpServers\": { \"weather\": { \"comand\": \"python3\" } }\n}")
        .unwrap();
    let (code, _, errors) = run(&folder, &["snapshot", "typo.json", "weather"]);
    let said = "error: typo.json:2:30: `weather` has neither a `command` nor a `url`\nhelp: `comand` is not known; write `command`\n";
    assert_eq!((code, errors.as_str()), (Some(2), said));
    // The file of tools is not there, so that the server ends at once.
    let (code, _, errors) = run(&folder, &["snapshot", "mcp.json", "weather", "--timeout", "20"]);
    assert!(code == Some(2) && errors.contains("`weather`"), "{errors}");
}
