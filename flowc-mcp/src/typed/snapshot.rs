//! A server's tools as a file.

use std::error::Error;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{McpError, Server, Tool};

/// The tools of a server at some time, as they are kept in a file for [`mcp!`](crate::mcp).
///
/// As text its keys are sorted and its tools are in the order of their names, so that it only changes where the server does.
///
/// ```
/// use flowc_mcp::typed::Snapshot;
///
/// let snapshot: Snapshot = r#"{"tools": [], "server": "weather"}"#.parse()?;
/// assert_eq!(snapshot.to_string(), "{\n  \"server\": \"weather\",\n  \"tools\": []\n}\n");
/// # Ok::<(), flowc_mcp::typed::NoSnapshot>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Snapshot {
    /// As it is called in the file of servers.
    pub server: String,
    /// What the server says of its version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The version of MCP that was spoken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub protocol: Option<String>,
    /// The tools, as `tools/list` gives them.
    pub tools: Vec<Tool>,
}

impl Snapshot {
    /// A snapshot of the server of this name, with the tools in the order of their names.
    pub fn new(server: impl Into<String>, mut tools: Vec<Tool>) -> Self {
        tools.sort_by(|one, other| one.name.cmp(&other.name));
        Self { server: server.into(), tools, ..Self::default() }
    }

    /// The tool that the server calls so.
    pub fn tool(&self, name: &str) -> Option<&Tool> {
        self.tools.iter().find(|tool| tool.name == name)
    }
}

/// Asks a server for its tools, for [`mcp!`](crate::mcp).
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let servers = flowc_mcp::McpServers::from_file("mcp.json")?;
/// let snapshot = flowc_mcp::snapshot(&servers.server("weather")?).await?;
/// std::fs::write("mcp/weather.json", snapshot.to_string())?;
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// If the server cannot be asked.
pub async fn snapshot(server: &Server) -> Result<Snapshot, McpError> {
    let tools = server.tools().await?;
    let info = server.status()?.info;
    let version = info.as_ref().and_then(|info| info.version.clone());
    let protocol = info.and_then(|info| info.protocol).map(|protocol| protocol.to_string());
    Ok(Snapshot { version, protocol, ..Snapshot::new(server.name(), tools) })
}

/// As it stands in the file.
impl fmt::Display for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sorted = serde_json::to_value(self).map(sorted).and_then(|value| serde_json::to_string_pretty(&value));
        writeln!(f, "{}", sorted.map_err(|_| fmt::Error)?)
    }
}

impl FromStr for Snapshot {
    type Err = NoSnapshot;

    fn from_str(text: &str) -> Result<Self, NoSnapshot> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        serde_json::from_str(text).map_err(NoSnapshot)
    }
}

/// With sorted keys, whether or not `serde_json` keeps its maps sorted in this build.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(entries) => {
            let mut entries: Vec<_> = entries.into_iter().map(|(key, value)| (key, sorted(value))).collect();
            entries.sort_by(|(one, _), (other, _)| one.cmp(other));
            Value::Object(entries.into_iter().collect::<Map<_, _>>())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        value => value,
    }
}

/// A text that is no snapshot.
///
/// ```
/// let error = "[]".parse::<flowc_mcp::typed::Snapshot>().unwrap_err();
/// assert!(error.to_string().starts_with("this is no snapshot"));
/// ```
#[derive(Debug)]
pub struct NoSnapshot(serde_json::Error);

impl fmt::Display for NoSnapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "this is no snapshot: {}; `flowc-mcp snapshot` writes one", self.0)
    }
}

impl Error for NoSnapshot {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_is_the_same_whatever_the_server_s_order() {
        let one = r#"{"tools": [{"name": "b", "inputSchema": {"type": "object", "properties": {"y": {}, "x": {}}}}, {"inputSchema": {}, "name": "a"}], "server": "s"}"#;
        let snapshot: Snapshot = one.parse().unwrap();
        let snapshot = Snapshot::new(snapshot.server, snapshot.tools);
        let text = snapshot.to_string();
        assert_eq!(text.parse::<Snapshot>().unwrap(), snapshot);
        let places = ["\"server\"", "\"tools\"", "\"name\": \"a\"", "\"x\"", "\"y\"", "\"name\": \"b\""];
        assert!(places.map(|place| text.find(place).unwrap()).is_sorted(), "{text}");
    }
}
