//! `oauth` in a file of servers.

use flowc_mcp::ServersFile;

/// What the file says of one server.
fn read(oauth: &str) -> Result<String, String> {
    let text =
        format!(r#"{{"mcpServers": {{"a": {{"url": "https://a.example/mcp", "x-flowc": {{"oauth": {oauth}}}}}}}}}"#);
    let file = ServersFile::parse(&text).map_err(|error| format!("{error}; {}", error.help().unwrap_or_default()))?;
    Ok(format!("{file:?}"))
}

#[test]
fn persons_and_programs_are_told_apart() {
    let person = read(r#"{"name": "Desk", "store": "tokens", "redirectPort": 7777, "scopes": ["a", "b"]}"#).unwrap();
    assert!(person.contains("https://a.example/mcp"), "{person}");
    let program =
        read(r#"{"issuer": "https://login.example", "clientId": "id", "clientSecret": "s3cret-of-id"}"#).unwrap();
    assert!(!program.contains("s3cret-of-id"), "{program}");
}

#[test]
fn mistakes_are_said_where_they_are() {
    let rows = [
        (r#""yes""#, "`oauth` is a string; write `{ \"name\": \"My program\" }`"),
        (r#"{"secret": "x"}"#, "`oauth` has no setting `secret`; there are `name`, `metadata`,"),
        (r#"{"clientId": "x"}"#, "`issuer` and `clientId` belong together; give both"),
        (r#"{"clientSecret": "x"}"#, "`issuer` and `clientId` belong together; give both"),
        (r#"{"issuer": "https://x", "clientId": "x", "privateKey": "nowhere.pem"}"#, "`nowhere.pem` cannot be read"),
        (r#"{"redirectPort": 99999}"#, "`redirectPort` cannot be 99999; make it a whole number"),
    ];
    for (oauth, expected) in rows {
        let error = read(oauth).unwrap_err();
        assert!(error.contains(expected), "{oauth}: {error}");
    }
}
