//! Encrypted connections: with an authority of their own, and with one that nobody knows.

use std::path::Path;

use flowc_mcp::{McpErrorKind, McpServers, RetryCalls, ServerConfig};
use flowc_mcp_tests::keys::keys;
use flowc_mcp_tests::peers::Listening;
use serde_json::json;

const SCRATCH: &str = env!("CARGO_TARGET_TMPDIR");

#[tokio::test]
async fn only_authorities_that_are_known_are_trusted() {
    for (how, address) in [("https", "https://localhost:PORT/mcp"), ("wss", "wss://localhost:PORT/ws")] {
        let peer = Listening::python(Path::new(SCRATCH), false, how);
        let address = address.replace("PORT", &peer.port.to_string());
        let config = if how == "https" { ServerConfig::http(&address) } else { ServerConfig::ws(&address) };
        let config = config.retry(RetryCalls::attempts(1));

        let servers = McpServers::builder()
            .server("known", config.clone().ca(keys(Path::new(SCRATCH)).join("ca.pem")))
            .server("unknown", config)
            .build();
        let echo = servers.server("known").unwrap().call("echo", json!({ "text": "hi" })).await.unwrap();
        assert_eq!(echo.text(), "hi");

        let error = servers.server("unknown").unwrap().call("echo", json!({ "text": "hi" })).await.unwrap_err();
        assert!(matches!(error.kind(), McpErrorKind::Connect { .. }), "{how}: {error}");
        assert!(error.to_string().contains("certificate"), "{how}: {error}");
        assert_eq!(error.help().unwrap(), "give the certificate of the server's authority in `ca`");
        servers.close().await;
    }
}
